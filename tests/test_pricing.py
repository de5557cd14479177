"""The pricing timeline: laws 12, 13 and 14."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain import access
from domain.access import viewer_of_token
from domain.pricing import PriceStatus
from domain.refusals import BadInput, Forbidden, NotFound, NotPossible, PeriodClosed
from services.pricing import NewPrice, Timeline, cancel_price, set_price
from services.pricing_queries import find_price, load_timelines
from tests.world import World, at, opened_world

world = opened_world
APRIL = at("2025-04-01")


def shown(timeline: Timeline) -> list[tuple[str, str, str]]:
    """Price, beginning and status, as its service's timeline now stands."""
    return [
        (f"{s.price.unit_price.normalize():f}", f"{s.price.effective_from:%m-%d}", s.status(timeline.now).value)
        for s in timeline.stretches
        if s.price.unit_price is not None
    ]


async def totals(world: World, tenant: UUID) -> list[tuple[Any, ...]]:
    """Month, price, quantity and events."""
    return await world.sql(
        """SELECT to_char(month, 'MM'), trim_scale(p.unit_price)::text, trim_scale(quantity)::text, events
        FROM usage_totals u JOIN prices p ON p.wallet_id = u.wallet_id AND p.id = u.price_id
        WHERE u.wallet_id = $1 ORDER BY month, p.effective_from""",
        tenant,
    )


async def test_a_price_lasts_until_the_next_one_of_its_service_begins(world: World) -> None:
    tenant = await world.tenant()
    first = await world.price(tenant, "2025-02-01", "200000")
    assert (first.price.until, first.is_new, shown(first)) == (None, True, [("200000", "02-01", "ACTIVE")])
    second = await world.price(tenant, "2025-04-01", "180000")
    assert shown(second) == [("200000", "02-01", "ACTIVE"), ("180000", "04-01", "SCHEDULED")]
    between = await world.price(tenant, "2025-03-01", "190000")
    assert (between.price.until, [s.until for s in between.stretches]) == (APRIL, [at("2025-03-01"), APRIL, None])
    world.go("2025-04-01")
    seen, now = await load_timelines(world.core, tenant, None)
    assert [s.status(now) for s in seen] == [PriceStatus.EXPIRED, PriceStatus.EXPIRED, PriceStatus.ACTIVE]


async def test_nothing_has_to_run_for_a_price_to_switch(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "10")
    await world.price(tenant, "2025-02-10", "20")
    for instant in ("2025-02-09T23:59:59.999999", "2025-02-10", "2025-02-10T00:00:00.000001"):
        world.go(instant)
        await world.use(tenant, "1")
    assert await totals(world, tenant) == [("02", "10", "1", 1), ("02", "20", "2", 2)]


async def test_the_same_price_set_again_is_the_same_price(world: World) -> None:
    tenant = await world.tenant()
    first = await world.price(tenant, "2025-02-01", "0.25")
    async with world.unchanged():
        again = await world.price(tenant, "2025-02-01", "0.250")
    assert (again.price, again.is_new) == (first.price, False)
    later = await world.price(tenant, "2025-04-01", "1")
    cheaper = await world.price(tenant, "2025-03-01", "2", replaces=later.price.price.id)
    async with world.unchanged():
        again = await world.price(tenant, "2025-03-01", "2", replaces=later.price.price.id)
    assert again.price == cheaper.price


async def test_one_price_begins_at_an_instant(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-04-01", "1")
    async with world.refuses(NotPossible):
        await world.price(tenant, "2025-04-01", "2")
    await world.price(tenant, "2025-04-01", "2", service="SMS")
    await world.price(await world.tenant(), "2025-04-01", "2")


async def test_a_service_keeps_the_unit_of_its_first_price(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-04-01", "1", unit="page")
    for since in ("2025-03-01", "2025-05-01"):
        async with world.refuses(NotPossible):
            await world.price(tenant, since, "1", unit="sheet")
    await world.price(tenant, "2025-05-01", "1", unit="sheet", service="SHEETS")


async def test_a_scheduled_price_is_replaced_until_it_begins(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "1")
    scheduled = (await world.price(tenant, "2025-04-01", "2")).price.price.id
    same_instant = await world.price(tenant, "2025-04-01", "3", replaces=scheduled)
    assert shown(same_instant) == [("1", "02-01", "ACTIVE"), ("3", "04-01", "SCHEDULED")]
    moved = await world.price(tenant, "2025-03-01", "4", replaces=same_instant.price.price.id)
    assert shown(moved) == [("1", "02-01", "ACTIVE"), ("4", "03-01", "SCHEDULED")]
    world.go("2025-03-01")
    for replaced, why in ((moved.price.price.id, NotPossible), (scheduled, NotFound), (uuid4(), NotFound)):
        async with world.refuses(why):
            await world.price(tenant, "2025-06-01", "5", replaces=replaced)


async def test_a_scheduled_price_is_cancelled_until_it_begins(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "1")
    scheduled = (await world.price(tenant, "2025-04-01", "2")).price.price.id
    async with world.unchanged():
        dry = await cancel_price(world.core, access.SYSTEM, scheduled, dry_run=True)
    done = await cancel_price(world.core, access.SYSTEM, scheduled)
    assert shown(dry) == shown(done) == [("1", "02-01", "ACTIVE")]
    assert done.stretches[0].until is None
    async with world.refuses(NotFound):
        await cancel_price(world.core, access.SYSTEM, scheduled)


async def test_a_price_in_force_is_cancelled_only_while_no_usage_depends_on_it(world: World) -> None:
    tenant = await world.tenant()
    used = (await world.price(tenant, "2025-02-01", "1")).price.price.id
    await world.use(tenant, "1", key="first")
    await world.use(tenant, "-1", key="undone", corrects="first")
    async with world.refuses(NotPossible):
        await cancel_price(world.core, access.SYSTEM, used)
    world.go("2025-02-02")
    unused = (await world.price(tenant, "2025-02-02", "2")).price.price.id
    await cancel_price(world.core, access.SYSTEM, unused)
    await world.use(tenant, "1")
    assert await totals(world, tenant) == [("02", "1", "1", 3)]


async def test_a_price_that_has_ended_is_history(world: World) -> None:
    tenant = await world.tenant()
    ended = (await world.price(tenant, "2025-01-01", "1")).price.price.id
    await world.price(tenant, "2025-02-01", "2")
    async with world.refuses(NotPossible):
        await cancel_price(world.core, access.SYSTEM, ended)


async def test_a_scheduled_price_that_counts_already_is_neither_cancelled_nor_replaced(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "1")
    soon = (await world.price(tenant, "2025-02-01T00:03", "2")).price.price.id
    await world.use(tenant, "1", "2025-02-01T00:04")
    async with world.refuses(NotPossible):
        await cancel_price(world.core, access.SYSTEM, soon)
    async with world.refuses(NotPossible):
        await world.price(tenant, "2025-02-01T00:03", "3", replaces=soon)


async def test_a_price_in_the_past_takes_the_usage_of_its_stretch_with_it(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "10")
    await world.price(tenant, "2025-03-10", "30")
    world.go("2025-03-20")
    for day, quantity in (("02-05", "1"), ("02-20", "2"), ("03-05", "4"), ("03-10", "8"), ("03-15", "16")):
        await world.use(tenant, quantity, f"2025-{day}", key=day)
    await world.use(tenant, "-0.5", key="less", corrects="03-05")
    async with world.unchanged():
        await world.price(tenant, "2025-02-20", "20", dry_run=True)
    await world.price(tenant, "2025-02-20", "20")
    assert await totals(world, tenant) == [
        ("02", "10", "1", 1), ("02", "20", "2", 1), ("03", "20", "3.5", 2), ("03", "30", "24", 2)
    ]  # fmt: skip
    await world.use(tenant, "-3.5", key="none", corrects="03-05")
    assert await totals(world, tenant) == [
        ("02", "10", "1", 1), ("02", "20", "2", 1), ("03", "20", "0", 3), ("03", "30", "24", 2)
    ]  # fmt: skip
    await world.price(tenant, "2025-02-05", "15")
    assert (await totals(world, tenant))[0] == ("02", "15", "1", 1)


async def test_a_price_never_begins_in_a_closed_month(world: World) -> None:
    tenant = await world.tenant()
    first = (await world.price(tenant, "2025-02-01", "1")).price.price.id
    world.go("2025-03-05")
    await world.bill("2025-02", tenant)
    for since in ("2025-01-01", "2025-02-28T23:59:59.999999"):
        async with world.refuses(PeriodClosed) as refusal:
            await world.price(tenant, since, "2")
        assert refusal.value.open_from == at("2025-03-01")
    async with world.refuses(PeriodClosed):
        await cancel_price(world.core, access.SYSTEM, first)
    assert (await world.price(tenant, "2025-03-01", "2")).price.status(at("2025-03-05")) is PriceStatus.ACTIVE


@pytest.mark.parametrize(
    ("minor", "since", "service", "unit"),
    [("-1", "2025-04-01", "A", "page"), ("9007199254740992", "2025-04-01", "A", "page"),
     ("0.0000000000001", "2025-04-01", "A", "page"), ("1", "1969-12-31", "A", "page"), ("1", "2200-01-01", "A", "page"),
     ("1", "2025-04-01", " ", "page"), ("1", "2025-04-01", "A" * 65, "page"), ("1", "2025-04-01", "A", ""),
     ("1", "2025-04-01", "A", "p" * 33), ("1", "2025-04-01", "A\0", "page")],
)  # fmt: skip
async def test_a_price_that_cannot_be_kept_exactly_is_refused(
    world: World, minor: str, since: str, service: str, unit: str
) -> None:
    tenant = await world.tenant()
    async with world.refuses(BadInput):
        await world.price(tenant, since, minor, service, unit)


async def test_the_finest_and_the_highest_price_are_kept_exactly(world: World) -> None:
    tenant = await world.tenant()
    for since, minor in (("2025-03-01", "0.000000000001"), ("2025-04-01", "9007199254740991"), ("2025-05-01", "0")):
        set_to = (await world.price(tenant, since, minor)).price.price.id
        found = await find_price(access.SYSTEM, set_to)
        assert found is not None
        assert found.unit_price == Decimal(minor)


async def test_of_two_who_set_a_price_at_one_instant_one_is_told(world: World) -> None:
    tenant = await world.tenant()
    outcomes = await asyncio.gather(
        *(world.price(tenant, "2025-04-01", str(n % 2 + 1)) for n in range(10)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotPossible"] * 5 + ["Timeline"] * 5
    assert len(await world.sql("SELECT 1 FROM prices")) == 1


async def test_only_who_may_sets_prices_and_what_one_may_not_see_is_missing(world: World) -> None:
    tenant = await world.tenant()
    made = (await world.price(tenant, "2025-02-01", "1")).price.price.id
    for home, why in ((tenant, Forbidden), (uuid4(), NotFound)):
        viewer = viewer_of_token(uuid4(), home, frozenset({"price:read"}))
        asked = NewPrice(tenant, "EPAPER", "page", Decimal(2), APRIL)
        async with world.refuses(why):
            await set_price(world.core, viewer, asked)
        async with world.refuses(why):
            await cancel_price(world.core, viewer, made)
        assert (await find_price(viewer, made) is None) == (home != tenant)
    async with world.refuses(NotFound):
        await world.price(uuid4(), "2025-04-01", "1")


async def test_every_price_set_replaced_or_cancelled_is_in_the_audit(world: World) -> None:
    tenant = await world.tenant()
    first = (await world.price(tenant, "2025-04-01", "1")).price.price.id
    second = (await world.price(tenant, "2025-05-01", "2.5", replaces=first)).price.price.id
    await cancel_price(world.core, access.SYSTEM, second)
    rows = await world.sql(
        """SELECT action, before->>'unitPriceMinor', after->>'unitPriceMinor' FROM audit_entries
        WHERE action LIKE '%Price' ORDER BY id"""
    )
    assert [(action, *(value and Decimal(value) for value in values)) for action, *values in rows] == [
        ("setPrice", None, 1), ("setPrice", 1, Decimal("2.5")), ("cancelPrice", Decimal("2.5"), None)
    ]  # fmt: skip
