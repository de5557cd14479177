"""Usage counts once, all or none, where and when it occurred: laws 2, 13, 15, 16, 17 and 21."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from domain import access
from domain.access import viewer_of_token
from domain.refusals import BadInput, Forbidden, NotFound
from domain.usage import MOST_EVENTS
from services.usage import record_usage
from services.usage_queries import list_monthly_usage
from tests.world import World, at, event, opened_world, reasons

world = opened_world
SOON_SECONDS = 20
ONE: dict[str, Any] = {"quantity": "1"}


async def test_usage_counts_in_the_month_in_which_it_occurred(world: World) -> None:
    tenant = await world.priced()
    await world.use(tenant, "1.5", "2025-01-31T23:59:59.999999")
    await world.use(tenant, "2.000001", "2025-02-01")
    tally = await world.use(tenant, "4")
    assert (len(tally.recorded), tally.duplicates, tally.recorded[0].occurred_at) == (1, 0, at("2025-02-01"))
    assert await world.totals(tenant) == [("01", "EPAPER", "1.5", "0", 1), ("02", "EPAPER", "6.000001", "0", 2)]


async def test_the_same_event_sent_again_counts_once(world: World) -> None:
    tenant = await world.priced()
    for when in (None, "2025-01-20"):
        key = f"key {when}"
        await world.use(tenant, "2.5", when, key)
        async with world.unchanged():
            again = await world.use(tenant, "2.500", when, key)
        assert (again.recorded, again.duplicates) == ([], 1)
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    world.go("2025-09-01")
    async with world.unchanged():
        assert (await world.use(tenant, "2.5", None, "key None")).duplicates == 1


async def test_an_event_twice_in_one_request_counts_once(world: World) -> None:
    tenant = await world.priced()
    tally = await world.record(*(event(tenant, "2", key="key") for _ in range(5)))
    assert (len(tally.recorded), tally.duplicates) == (1, 4)
    assert await world.totals(tenant) == [("02", "EPAPER", "2", "0", 1)]


@pytest.mark.parametrize(
    "other",
    [{"quantity": "3"}, {"when": "2025-01-21"}, {"when": None}, {"service": "SMS"}, {"service": "UNHEARD OF"},
     {"quantity": "-2", "corrects": "earlier"}],
)  # fmt: skip
async def test_a_key_with_other_content_is_refused(world: World, other: dict[str, Any]) -> None:
    tenant = await world.priced()
    await world.price(tenant, "2025-01-01", "1", service="SMS", unit="message")
    await world.use(tenant, "2", "2025-01-20", "earlier")
    await world.use(tenant, "2", "2025-01-20", "key")
    asked: dict[str, Any] = {"quantity": "2", "when": "2025-01-20", "key": "key"}
    refusal = await world.refuses_usage(event(tenant, **asked | other))
    assert reasons(refusal) == [(0, "KEY_REUSED")]
    assert reasons(await world.refuses_usage(event(tenant, "7", key="new"), event(tenant, "8", key="new"))) == [
        (1, "KEY_REUSED")
    ]


async def test_a_key_belongs_to_its_tenant(world: World) -> None:
    one, other = await world.priced(), await world.priced()
    tally = await world.record(event(one, "1", key="key"), event(other, "2", key="key"))
    assert len(tally.recorded) == 2
    assert (await world.totals(other))[0][2] == "2"


async def test_usage_before_any_price_is_refused_at_once(world: World) -> None:
    tenant = await world.priced("2025-01-20")
    before = event(tenant, "1", "2025-01-19T23:59:59.999999")
    assert reasons(await world.refuses_usage(before, event(tenant, "1", service="SMS"))) == [
        (0, "NO_PRICE"),
        (1, "NO_PRICE"),
    ]
    await world.use(tenant, "1", "2025-01-20")


async def test_usage_more_than_five_minutes_ahead_is_refused(world: World) -> None:
    tenant = await world.priced()
    await world.use(tenant, "1", "2025-02-01T00:05")
    assert reasons(await world.refuses_usage(event(tenant, "1", "2025-02-01T00:05:00.000001"))) == [(0, "IN_FUTURE")]


async def test_a_locked_wallet_refuses_usage_that_occurred_after_the_lock_but_not_before_it(world: World) -> None:
    tenant = await world.priced()
    world.go("2025-02-10")
    await world.lock(tenant)
    world.go("2025-02-11")
    for when in (None, "2025-02-10", "2025-02-10T12:00"):
        refusal = await world.refuses_usage(event(tenant, "1", when))
        assert reasons(refusal) == [(0, "WALLET_LOCKED")]
        assert refusal.events[0].state == await world.state(tenant)
    await world.use(tenant, "1", "2025-02-09T23:59:59.999999", "before")
    await world.use(tenant, "-1", corrects="before")
    await world.lock(tenant, on=False)
    await world.use(tenant, "1")


async def test_the_end_of_a_grace_locks_usage_out_before_anybody_has_written_it(world: World) -> None:
    tenant = await world.owing(grace_days=3)
    world.go("2025-03-05")
    await world.use(tenant, "1", "2025-03-03T23:59:59.999999")
    assert reasons(await world.refuses_usage(event(tenant, "1", "2025-03-04"))) == [(0, "WALLET_LOCKED")]


async def test_a_request_is_recorded_whole_or_not_at_all_and_names_each_event_that_is_why(world: World) -> None:
    tenant, locked = await world.priced(), await world.priced()
    await world.lock(locked)
    refusal = await world.refuses_usage(
        event(tenant, "1", key="fine"), event(tenant, "1", "2025-06-01"), event(locked, "1"),
        event(tenant, "1", "2024-12-31"), event(tenant, "-1", corrects="nothing"), event(tenant, "1"),
    )  # fmt: skip
    assert reasons(refusal) == [(1, "IN_FUTURE"), (2, "WALLET_LOCKED"), (3, "NO_PRICE"), (4, "BELOW_ZERO")]
    assert refusal.message.startswith("Nothing was recorded. Event 1 and 3 more: ")
    await world.use(tenant, "1", key="fine")


async def test_up_to_a_thousand_events_come_in_a_request(world: World) -> None:
    tenant = await world.priced()
    for count in (0, MOST_EVENTS + 1):
        async with world.refuses(BadInput):
            await world.record(*(event(tenant, "1") for _ in range(count)))
    tally = await world.record(*(event(tenant, "0.001") for _ in range(MOST_EVENTS)))
    assert len(tally.recorded) == 1_000
    assert await world.totals(tenant) == [("02", "EPAPER", "1", "0", 1_000)]


@pytest.mark.parametrize(
    "wrong",
    [{"quantity": "0"}, {"quantity": "-1"}, {"quantity": "1", "corrects": "k"}, {"quantity": "1000000000000000.000001"},
     {"quantity": "0.0000001"}, {"when": "1969-12-31"}, {"key": "k" * 256}, {"key": "\0"}, {"service": ""},
     {"service": "s" * 65}, {"quantity": "-1", "corrects": ""}, {"quantity": "-1", "corrects": "k" * 256}],
)  # fmt: skip
async def test_an_event_that_cannot_be_kept_is_bad_input(world: World, wrong: dict[str, Any]) -> None:
    tenant = await world.priced()
    async with world.refuses(BadInput):
        await world.record(event(tenant, **ONE | wrong))


async def test_the_largest_quantities_add_up_exactly(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "0.1")
    await world.record(*(event(tenant, "1000000000000000") for _ in range(20)), event(tenant, "0.000001"))
    assert await world.totals(tenant) == [("02", "EPAPER", "20000000000000000.000001", "0", 21)]


async def test_a_dry_run_records_nothing_and_says_what_it_would(world: World) -> None:
    tenant = await world.priced()
    async with world.unchanged():
        tally = await world.record(event(tenant, "1", key="a"), event(tenant, "1", key="a"), dry_run=True)
    assert (len(tally.recorded), tally.duplicates) == (1, 1)
    assert len((await world.use(tenant, "1", key="a")).recorded) == 1


async def test_the_months_of_a_tenant_are_read_newest_first_with_what_they_cost(world: World) -> None:
    tenant = await world.priced()
    await world.price(tenant, "2025-01-16", "20")
    await world.price(tenant, "2025-01-01", "0.25", service="API", unit="call")
    await world.record(
        event(tenant, "3", "2025-01-15"), event(tenant, "2", "2025-01-16"), event(tenant, "1"),
        event(tenant, "10", "2025-01-20", service="API"),
    )  # fmt: skip
    found = await list_monthly_usage(tenant, None, None, 10, None)
    assert [(u.month.month, u.service, u.quantity, u.events, u.charge) for u in found] == [
        (2, "EPAPER", Decimal(1), 1, 20), (1, "API", Decimal(10), 1, 3), (1, "EPAPER", Decimal(5), 2, 70)
    ]  # fmt: skip
    first = found[0]
    assert await list_monthly_usage(tenant, None, None, 10, (first.month, first.service)) == found[1:]
    assert await list_monthly_usage(tenant, first.month, None, 10, None) == found[:1]
    assert await list_monthly_usage(tenant, None, found[1].month, 10, None) == found[1:]


async def test_a_tenant_never_reports_its_own_usage_and_what_one_may_not_see_is_missing(world: World) -> None:
    tenant = await world.priced()
    for home, why in ((tenant, Forbidden), (uuid4(), NotFound)):
        viewer = viewer_of_token(uuid4(), home, frozenset({"usage:read"}))
        async with world.refuses(why):
            await record_usage(world.core, viewer, [event(tenant, "1")])
    bound = viewer_of_token(uuid4(), tenant, frozenset({"usage:write"}))
    other = await world.priced()
    async with world.refuses(NotFound):
        await record_usage(world.core, bound, [event(tenant, "1"), event(other, "1")])
    for stranger in (uuid4(), await world.user()):
        async with world.refuses(NotFound):
            await record_usage(world.core, access.SYSTEM, [event(stranger, "1")])
