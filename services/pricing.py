"""Stories of prices: set, replace, cancel, and read the timelines."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, inputs
from domain.access import Viewer
from domain.billing import FIRST_YEAR, LAST_YEAR
from domain.money import plain
from domain.price_terms import check_terms
from domain.pricing import Price, PriceModel, Stretch, Tier, stretches
from domain.refusals import BadInput, NotFound, NotPossible, PeriodClosed
from services import audit, repricing
from services.core import Core
from services.database import now, write
from services.identity import new_uuid
from services.pricing_queries import find_price
from services.rows import PRICE_COLUMNS, price_values, read_price

# Usage and closing take this row too: a timeline never changes under them. What is closed is read by a statement of its
# own: the one that waits for the row still sees what was before the wait.
_LOCK = "SELECT id FROM tenants WHERE id = $1 AND closed_at IS NULL FOR NO KEY UPDATE"
_OPEN_FROM = "SELECT ends_at FROM billing_months WHERE wallet_id = $1 ORDER BY month DESC LIMIT 1"
_TIMELINE = f"SELECT {PRICE_COLUMNS} FROM prices WHERE wallet_id = $1 AND service = $2"
_INSERT = f"INSERT INTO prices ({PRICE_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
_DELETE = "DELETE FROM prices WHERE wallet_id = $1 AND id = $2"
_DEPENDS = "SELECT 1 FROM usage_totals WHERE wallet_id = $1 AND price_id = $2 LIMIT 1"


@dataclass(frozen=True, slots=True)
class NewPrice:
    """As asked for; amounts in minor units, the unit price with up to 12 decimals. The model says which it takes."""

    tenant_id: UUID
    service: str
    unit: str
    unit_price: Decimal | None
    effective_from: datetime
    replaces: UUID | None = None
    model: PriceModel = PriceModel.PER_UNIT
    flat: int | None = None
    package_size: Decimal | None = None
    tiers: tuple[Tier, ...] | None = None
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """A price, and its service's whole timeline as it now stands."""

    price: Stretch
    stretches: list[Stretch]
    now: datetime
    is_new: bool = False
    """Made by this request, or in a dry run as it would be; not found as it was already."""


async def set_price(core: Core, viewer: Viewer, asked: NewPrice, *, dry_run: bool = False) -> Timeline:
    """A stretch that begins at effectiveFrom and lasts until the next one. The same again answers the same price.

    Raises NotFound, Forbidden, BadInput, PeriodClosed, NotPossible.
    """
    access.require(viewer, "price:write", asked.tenant_id)
    asked = _checked(asked)

    async def work(connection: BaseDBAsyncClient) -> Timeline:
        open_from = await _lock(connection, asked.tenant_id)
        instant = await now(core.clock, connection)
        new = _new_price(asked, instant)
        rows = await connection.execute_query_dict(_TIMELINE, [new.wallet_id, new.service])
        before = [read_price(row) for row in rows]
        if twin := next((other for other in before if _same(other, new)), None):
            return _timeline(before, twin, instant)
        _check_fits(new, before, asked.replaces, open_from, instant)
        if asked.replaces is not None:
            await _check_unused(connection, new.wallet_id, asked.replaces)
        after = [other for other in before if other.id != asked.replaces] + [new]
        moving = await repricing.usage_of(connection, new, before, after)
        if not dry_run:
            replaced = next((other for other in before if other.id == asked.replaces), None)
            await _write(core, connection, viewer, new, replaced)
            await repricing.move(connection, new, moving)
        return replace(_timeline(after, new, instant), is_new=True)

    return await write(work)


async def cancel_price(core: Core, viewer: Viewer, price_id: UUID, *, dry_run: bool = False) -> Timeline:
    """Only one that has not begun, or that is in force with no usage depending on it. Raises as set_price does."""
    if access.sees_all(viewer):  # who sees all is never told that there is nothing
        access.require(viewer, "price:write")
        access.require(viewer, "price:read")
    found = await find_price(viewer, price_id)
    if found is None:
        raise NotFound("There is no such price.")
    access.require(viewer, "price:write", found.wallet_id)

    async def work(connection: BaseDBAsyncClient) -> Timeline:
        open_from = await _lock(connection, found.wallet_id)
        instant = await now(core.clock, connection)
        rows = await connection.execute_query_dict(_TIMELINE, [found.wallet_id, found.service])
        before = [read_price(row) for row in rows]
        stretch = next((s for s in stretches(before) if s.price.id == price_id), None)
        if stretch is None:
            raise NotFound("There is no such price.")
        await _check_may_go(connection, stretch, open_from, instant)
        after = [other for other in before if other.id != price_id]
        if not dry_run:
            await connection.execute_query(_DELETE, [found.wallet_id, price_id])
            subject = ids.make("prc", price_id)
            await audit.record(
                connection, core.clock, viewer, "cancelPrice", subject, before=_facts(found), whose=found.wallet_id
            )
        return Timeline(stretch, stretches(after), instant)

    return await write(work)


async def _lock(connection: BaseDBAsyncClient, tenant_id: UUID) -> datetime | None:
    """The first instant that is still open, from here on until the transaction ends."""
    if not await connection.execute_query_dict(_LOCK, [tenant_id]):
        raise NotFound("There is no such tenant.")
    closed = await connection.execute_query_dict(_OPEN_FROM, [tenant_id])
    return closed[0]["ends_at"] if closed else None


def _checked(asked: NewPrice) -> NewPrice:
    check_terms(asked.model, asked.unit_price, asked.flat, asked.package_size, asked.tiers, asked.minimum)
    if not FIRST_YEAR <= asked.effective_from.year <= LAST_YEAR:
        raise BadInput(f"effectiveFrom takes an instant from {FIRST_YEAR} to {LAST_YEAR}.")
    service = inputs.text("service", asked.service.strip(), 64, shortest=1)
    unit = inputs.text("unit", asked.unit.strip(), 32, shortest=1)
    return replace(asked, service=service, unit=unit)


def _new_price(asked: NewPrice, instant: datetime) -> Price:
    return Price(
        new_uuid(),
        asked.tenant_id,
        asked.service,
        asked.unit,
        asked.model,
        asked.unit_price,
        asked.effective_from,
        instant,
        asked.flat,
        asked.package_size,
        asked.tiers or (),
        asked.minimum,
    )


def _check_fits(
    new: Price, before: list[Price], replaces: UUID | None, open_from: datetime | None, instant: datetime
) -> None:
    if open_from is not None and new.effective_from < open_from:
        raise PeriodClosed(open_from)
    if before and (unit := min(before, key=lambda other: other.created_at).unit) != new.unit:
        raise NotPossible(f"{new.service} is counted in {unit}s, which never changes. Use another service name.")
    if replaces is not None:
        replaced = next((other for other in before if other.id == replaces), None)
        if replaced is None:
            raise NotFound("There is no such price to replace.")
        if replaced.effective_from <= instant:
            raise NotPossible("Only a scheduled price can be replaced; this one has begun.")
    if any(other.effective_from == new.effective_from and other.id != replaces for other in before):
        at = new.effective_from.isoformat()
        raise NotPossible(f"{new.service} has a price that begins at {at}. Replace it, or choose another instant.")


async def _check_may_go(
    connection: BaseDBAsyncClient, stretch: Stretch, open_from: datetime | None, instant: datetime
) -> None:
    price = stretch.price
    if price.effective_from <= instant:
        if open_from is not None and price.effective_from < open_from:
            raise PeriodClosed(open_from)
        if not stretch.holds(instant):
            raise NotPossible("This price has ended: it is history.")
    await _check_unused(connection, price.wallet_id, price.id)


async def _check_unused(connection: BaseDBAsyncClient, wallet_id: UUID, price_id: UUID) -> None:
    """A scheduled price can be used too: by what occurs in the next minutes, as clocks differ."""
    if await connection.execute_query_dict(_DEPENDS, [wallet_id, price_id]):
        raise NotPossible("Usage depends on this price: it is history. Set a new one from a later instant.")


async def _write(core: Core, connection: BaseDBAsyncClient, viewer: Viewer, new: Price, replaced: Price | None) -> None:
    if replaced is not None:
        await connection.execute_query(_DELETE, [new.wallet_id, replaced.id])
    await connection.execute_query(_INSERT, price_values(new))
    await audit.record(
        connection,
        core.clock,
        viewer,
        "setPrice",
        ids.make("prc", new.id),
        before=_facts(replaced) if replaced else None,
        after=_facts(new),
        whose=new.wallet_id,
    )


def _same(one: Price, other: Price) -> bool:
    """But for what the system gave it."""
    return replace(one, id=other.id, created_at=other.created_at) == other


def _timeline(prices: list[Price], price: Price, instant: datetime) -> Timeline:
    timeline = stretches(prices)
    return Timeline(next(s for s in timeline if s.price is price), timeline, instant)


def _facts(price: Price) -> dict[str, object]:
    """As it was asked for, in the API's names."""
    return {
        "tenant": ids.make("ten", price.wallet_id),
        "service": price.service,
        "unit": price.unit,
        "model": price.model,
        "unitPriceMinor": _plain(price.unit_price),
        "flatMinor": price.flat,
        "packageSize": _plain(price.package_size),
        "tiers": [
            {"upTo": _plain(tier.up_to), "unitPriceMinor": _plain(tier.unit_price), "flatMinor": tier.flat}
            for tier in price.tiers
        ],
        "minimumMinor": price.minimum,
        "effectiveFrom": price.effective_from.isoformat(),
    }


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)
