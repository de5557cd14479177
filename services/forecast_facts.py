"""What forecasts follow from, loaded for many tenants at once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from domain.billing import UsageTotal, month_of, month_start, previous_month
from domain.forecast import Facts, Owed
from domain.pricing import Price, stretches
from domain.projection import basis_from
from domain.rating import Billed, ClosedMonth
from domain.scheduling import first_open
from domain.wallets import Wallet
from services.database import Row
from services.rating import BILLED_LINES, CLOSED_TOTALS, REBILL
from services.rows import PRICES_SINCE, WALLET_COLUMNS, columns, read_price, read_wallet

Fetch = Callable[..., Awaitable[Sequence[Row]]]
"""A statement and its values; its rows."""

# All that a posting changes together is read by one statement: it is of one moment.
_TENANTS = f"""
SELECT {WALLET_COLUMNS}, t.billing_zone, t.grace_days, t.billing_delay_hours, t.created_at AS made_at,
    m.month AS newest_closed, u.month AS first_used, d.totals, d.graces,
    (SELECT count(*) FROM prices p WHERE p.wallet_id = t.id) AS prices
FROM tenants t JOIN wallets w ON w.id = t.id
LEFT JOIN LATERAL (SELECT month FROM billing_months WHERE wallet_id = t.id ORDER BY month DESC LIMIT 1) m ON true
LEFT JOIN LATERAL (SELECT month FROM usage_totals WHERE wallet_id = t.id ORDER BY month LIMIT 1) u ON true
LEFT JOIN LATERAL (
    SELECT array_agg(total ORDER BY count) AS totals, array_agg(locks_at ORDER BY count) AS graces
    FROM invoices WHERE wallet_id = t.id AND status = 'DUE'
) d ON true
WHERE t.id = ANY($1::uuid[]) AND t.closed_at IS NULL
"""
_USED = """
SELECT u.wallet_id, u.month, u.service, u.price_id, u.quantity, u.billed_quantity
FROM unnest($1::uuid[], $2::date[]) AS k(wallet_id, month)
JOIN usage_totals u ON u.wallet_id = k.wallet_id AND u.month >= k.month
"""
_LATE = """
SELECT DISTINCT u.wallet_id, u.month FROM unnest($1::uuid[], $2::date[]) AS k(wallet_id, month)
JOIN usage_totals u ON u.wallet_id = k.wallet_id AND u.month < k.month AND u.quantity <> u.billed_quantity
"""
AT_ONCE = 1_000
"""Prices of the tenants whose facts are read together, unless one alone has more: other requests go on in between."""


@dataclass(slots=True)
class _Loaded:
    row: Row
    wallet: Wallet
    zone: str
    first_open: date
    totals: list[UsageTotal] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)
    closed: dict[date, ClosedMonth] = field(default_factory=dict)
    void: dict[int, None] = field(default_factory=dict)

    def since(self, now: datetime) -> datetime:
        """From when on prices matter: a month before all that is billed, since a zone's months may have been others."""
        oldest = min(self.first_open, basis_from(month_of(now, self.zone)), *self.closed)
        return month_start(previous_month(oldest), self.zone)

    def close(self, month: date) -> ClosedMonth:
        """A month closed before, of which something is left to bill."""
        return self.closed.setdefault(month, ClosedMonth(month, [], {}))

    def facts(self, now: datetime) -> Facts:
        """As of now."""
        row, state = self.row, self.wallet.state
        return Facts(
            now=now,
            zone=self.zone,
            delay_hours=row["billing_delay_hours"],
            grace_days=row["grace_days"],
            total=state.total,
            available=state.available,
            locked_since=state.funds_locked_at,
            owed=tuple(map(Owed, row["totals"] or (), row["graces"] or ())),
            first_open=self.first_open,
            first_used=row["first_used"],
            totals=self.totals,
            timeline=stretches(self.prices),
            closed=[self.closed[month] for month in sorted(self.closed)],
            void=tuple(self.void),
        )


async def load_facts(
    fetch: Fetch, tenant_ids: Sequence[UUID], now: datetime
) -> AsyncIterator[dict[UUID, tuple[Wallet, Facts]]]:
    """Of those tenants that there are, with their wallets: some of them at a time."""
    found = {row["id"]: _loaded(row) for row in await fetch(_TENANTS, list(tenant_ids))}
    for some in _groups(found):
        await _load_used(fetch, some, now)
        await _load_closed(fetch, some)
        for row in await fetch(PRICES_SINCE, list(some), [of.since(now) for of in some.values()]):
            some[row["wallet_id"]].prices.append(read_price(row))
        yield {tenant_id: (of.wallet, of.facts(now)) for tenant_id, of in some.items()}


def _groups(found: dict[UUID, _Loaded]) -> Iterator[dict[UUID, _Loaded]]:
    """Each is forgotten as it goes: of all that a round looks at, what is kept at once stays small."""
    while found:
        group: dict[UUID, _Loaded] = {}
        prices = 0
        for tenant_id in list(found):
            prices += found[tenant_id].row["prices"]
            if group and prices > AT_ONCE:
                break
            group[tenant_id] = found.pop(tenant_id)
        yield group


def _loaded(row: Row) -> _Loaded:
    zone = row["billing_zone"]
    first = first_open(row["newest_closed"], row["made_at"], row["first_used"], zone)
    return _Loaded(row, read_wallet(row), zone, first)


async def _load_used(fetch: Fetch, found: Mapping[UUID, _Loaded], now: datetime) -> None:
    """In the months that are open, and in those that quantities come from."""
    since = [min(of.first_open, basis_from(month_of(now, of.zone))) for of in found.values()]
    for row in await fetch(_USED, list(found), since):
        found[row["wallet_id"]].totals.append(_total(row))


async def _load_closed(fetch: Fetch, found: Mapping[UUID, _Loaded]) -> None:
    """Of months that were closed before, where something is left to bill: all used in them, and all billed of it."""
    ids = list(found)
    for row in await fetch(_LATE, ids, [of.first_open for of in found.values()]):
        found[row["wallet_id"]].close(row["month"])
    for row in await fetch(REBILL, ids):
        of = found[row["wallet_id"]]
        of.void[row["count"]] = None
        of.close(row["month"]).rebill = True
    keys = [(wallet_id, month) for wallet_id, of in found.items() for month in of.closed]
    if not keys:
        return
    arrays = columns(keys)
    for row in await fetch(CLOSED_TOTALS, *arrays):
        found[row["wallet_id"]].closed[row["month"]].totals.append(_total(row))
    for row in await fetch(BILLED_LINES, *arrays):
        billed = Billed(row["quantity"], row["amount"])
        found[row["wallet_id"]].closed[row["month"]].billed[row["price_id"]] = billed


def _total(row: Row) -> UsageTotal:
    return UsageTotal(row["month"], row["service"], row["price_id"], row["quantity"], row["billed_quantity"])
