"""Rounds in which forecasts are kept: whom this process has changed, and whose time has come.

Several processes may do so at once. What fails together is tried one by one, and what then fails rests: all else goes
on.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from time import perf_counter_ns
from uuid import UUID

import structlog

from domain.changes import Change, ChangeKind
from domain.ledger import Transaction
from domain.refusals import Unavailable
from services.core import Core
from services.database import read, write
from services.forecasting import AT, KEPT, refresh
from services.resting import Resting

ROUND_SECONDS = 0.25
MOST, MOST_WOKEN = 75, 50
"""In one round, less than a tenth of a second; those that are due get what is left."""
LOOK_SECONDS = 5
"""Between looks at what the clock and other processes may have left."""
SOME = 10_000
LONGEST_REST_SECONDS = 300
"""After rounds that have failed, one after the other."""
_NS = 1_000_000_000
_WAKING = {ChangeKind.TENANTS, ChangeKind.PRICES, ChangeKind.USAGE, ChangeKind.INVOICES}

_BEGIN_SOME = f"""
INSERT INTO forecasts (tenant_id, currency, due_at) SELECT id, currency, created_at FROM tenants t
WHERE closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM forecasts f WHERE f.tenant_id = t.id) ORDER BY id LIMIT {SOME}
ON CONFLICT DO NOTHING RETURNING tenant_id
"""
# What a process has posted that died since, or that keeps no forecasts.
_MISSED = f"""
SELECT f.tenant_id FROM (
    SELECT wallet_id, max(last_version) AS version FROM operations
    WHERE created_at > {AT} - interval '15 seconds' GROUP BY wallet_id
) o JOIN forecasts f ON f.tenant_id = o.wallet_id AND f.wallet_version < o.version
"""

log = structlog.get_logger()


class Forecasting:
    """One per process that keeps forecasts: who has changed since they were worked out."""

    def __init__(self) -> None:
        self._woken: dict[UUID, None] = {}
        self._looked_at: int | None = None
        self._more_due = False
        self._resumes_at: int | None = None
        self._complete_at: int | None = None
        self._failures = 0
        self._failing: Resting[UUID] = Resting()

    def tell(self, transactions: Sequence[Transaction]) -> None:
        """Money has moved, or a wallet was locked. Those of persons are woken too, and then not found."""
        self._woken.update((transaction.wallet_id, None) for transaction in transactions)

    def hear(self, changes: Iterable[Change]) -> None:
        """Something else has changed that this process has committed."""
        self._woken.update((of.whose, None) for of in changes if of.kind in _WAKING and of.whose is not None)

    async def round(self, core: Core) -> int:
        """At most so many of those that were woken or are due; how many were worked out."""
        time = perf_counter_ns()
        if self._resumes_at is not None and time < self._resumes_at:
            return 0
        try:
            return await self._round(core, time)
        except Exception:
            rest = min(LOOK_SECONDS << min(self._failures, 30), LONGEST_REST_SECONDS)
            self._failures += 1
            self._resumes_at = time + rest * _NS
            raise

    async def _round(self, core: Core, time: int) -> int:
        looks = self._looked_at is None or time - self._looked_at >= LOOK_SECONDS * _NS
        apart = self._failing.ready()[:1]
        if not (looks or self._woken or self._more_due or apart):
            return 0
        if looks:
            self._looked_at = time
            await self._look(core, time)
        alone = await self._try_alone(core, apart[0]) if apart else 0
        return alone + await self._work(core, looks)

    async def _try_alone(self, core: Core, tenant_id: UUID) -> int:
        """One of a batch that failed. If it is the one, it rests."""
        self._woken.pop(tenant_id, None)
        try:
            done, _ = await refresh(core, [tenant_id])
        except Exception as error:
            self._failing.fail(tenant_id)
            if isinstance(error, Unavailable):
                raise
            log.exception("a forecast could not be kept", tenant=str(tenant_id))
            return 0
        self._failing.succeed(tenant_id)
        return done

    async def _work(self, core: Core, looks: bool) -> int:
        """All others, together."""
        apart = self._failing.known()
        for tenant_id in apart:
            self._woken.pop(tenant_id, None)  # it is tried again without being told of
        woken = list(islice(self._woken, MOST_WOKEN))
        for tenant_id in woken:
            del self._woken[tenant_id]
        most_due = MOST - len(woken) if looks or self._more_due else 0
        begun: set[UUID] = set()
        try:
            done, due = await refresh(core, woken, most_due, apart, begun)
        except BaseException:
            self._more_due = most_due > 0
            self._woken.update(dict.fromkeys(woken))  # behind the others
            for tenant_id in begun:
                self._failing.suspect(tenant_id)
            raise
        self._failures, self._more_due = 0, due == most_due > 0
        return done

    async def _look(self, core: Core, time: int) -> None:
        """Whom nobody has told of: hourly, and at first, tenants that have no forecast at all."""
        if self._complete_at is None or time - self._complete_at >= KEPT.seconds * _NS:
            begun = await write(lambda connection: connection.execute_query_dict(_BEGIN_SOME))
            self._complete_at = time if len(begun) < SOME else None
        self._woken.update((row["tenant_id"], None) for row in await read(_MISSED, core.clock.fixed))
