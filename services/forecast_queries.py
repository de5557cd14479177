"""Reading forecasts: tenants' as of now, and those that lock soonest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain import access
from domain.access import Viewer
from domain.forecast import Forecast
from domain.refusals import BadInput
from services.core import Core
from services.database import count_rows, now, read
from services.forecast_facts import load_facts
from services.projecting import work_out, work_out_through
from services.runway import monthly_charges

MOST_DAYS = 730
"""Every forecast reaches as far."""
USUAL = timedelta(days=30)
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC), UUID(int=0)
_AT = "coalesce(f.locked_at, f.locks_at)"
_RISKS = f"""
SELECT f.tenant_id, {_AT} AS at FROM forecasts f
WHERE {_AT} IS NOT NULL AND ({_AT}, f.tenant_id) > ($1, $2) ORDER BY {_AT}, f.tenant_id LIMIT $3
"""
_RISKS_OF_CURRENCY = f"""
SELECT f.tenant_id, {_AT} AS at FROM forecasts f
WHERE {_AT} IS NOT NULL AND f.currency = $4 AND ({_AT}, f.tenant_id) > ($1, $2) ORDER BY {_AT}, f.tenant_id LIMIT $3
"""
_RISKING = f"SELECT 1 FROM forecasts f WHERE {_AT} IS NOT NULL AND ($1::text IS NULL OR f.currency = $1)"

RiskKey = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class LockRisk:
    """A tenant that is locked for money, or is going to be. Amounts in minor units."""

    key: RiskKey
    """Its place in the list: when it locks by what was worked out last."""
    locks_at: datetime
    charge_this_month: int
    available: int
    monthly_charge: int
    top_up: int | None


@dataclass(frozen=True, slots=True)
class RiskPage:
    """`keys` one more than asked for where the list goes on; what proves to be no risk any more is left out."""

    keys: list[RiskKey]
    risks: dict[UUID, LockRisk]


async def load_forecasts(
    core: Core, wallet_ids: Sequence[UUID], through: datetime | None = None
) -> dict[UUID, Forecast]:
    """As of now, of those that are tenants'; whoever asks. `through`: none that locks by then needs to go further."""
    instant = await now(core.clock)
    made = {}
    async for some in load_facts(read, wallet_ids, instant):
        for wallet_id, (_, facts) in some.items():
            made[wallet_id] = await (work_out(facts) if through is None else work_out_through(facts, through))
    return made


def may_read(viewer: Viewer, wallet_id: UUID) -> bool:
    """A forecast, with all that it is worked out from."""
    needed = "wallet:read", "usage:read", "price:read"
    return all(access.reads(viewer, permission, wallet_id) for permission in needed)


async def list_risks(
    core: Core, viewer: Viewer, currency: str | None, until: datetime | None, limit: int, after: RiskKey | None
) -> RiskPage:
    """For those who see all wallets, soonest first; worked out anew, with the top-ups that carry them to `until`.

    Raises BadInput.
    """
    if not access.holds_everywhere(viewer, "wallet:read"):
        return RiskPage([], {})
    instant = await now(core.clock)
    until = until or instant + USUAL
    check_reaches("until", until, instant)
    at, tenant_id = after or _BEGINNING
    if currency is None:
        rows = await read(_RISKS, at, tenant_id, limit)
    else:
        rows = await read(_RISKS_OF_CURRENCY, at, tenant_id, limit, currency)
    keys = [(row["at"], row["tenant_id"]) for row in rows]
    return RiskPage(keys, await _risks(core, keys, until))


async def count_risks(viewer: Viewer, currency: str | None) -> int | None:
    """None beyond 10,000."""
    if not access.holds_everywhere(viewer, "wallet:read"):
        return 0
    return await count_rows(_RISKING, currency)


def check_reaches(name: str, instant: datetime, now: datetime) -> None:
    """Raises BadInput for what is past, or further ahead than forecasts reach."""
    if not now < instant <= now + timedelta(days=MOST_DAYS):
        raise BadInput(f"{name} takes an instant to come, within {MOST_DAYS} days.")


async def _risks(core: Core, keys: Sequence[RiskKey], until: datetime) -> dict[UUID, LockRisk]:
    tenant_ids = [tenant_id for _, tenant_id in keys]
    made = await load_forecasts(core, tenant_ids, max((until, *(at for at, _ in keys))))
    charges = await monthly_charges(core, list(made))
    return {
        tenant_id: LockRisk(
            key,
            one.locks_at,
            one.this_month,
            one.facts.available,
            charges[tenant_id],
            one.top_up_until(until),
        )
        for key in keys
        if (one := made.get(tenant_id := key[1])) is not None and one.locks_at is not None
    }
