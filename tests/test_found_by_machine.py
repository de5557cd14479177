"""What the machine and the model found, each as small as it gets, with the sentence of the law that was broken."""

from domain import access
from domain.pricing import PriceModel
from services.pricing import NewPrice, set_price
from tests.world import World, at, opened_world

world = opened_world


async def test_what_the_clock_decides_counts_from_its_instant_on_for_usage_too(world: World) -> None:
    """Law 10. A hold of 100 expires on 2 March, which pays what is due: from then on the wallet is locked no more."""
    tenant = await world.priced("2025-02-01")
    await world.use(tenant, "10")
    world.go("2025-02-28T23:00")
    await world.top_up(tenant, 100)
    await world.hold(tenant, 100, 25 * 3600)
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    assert (await world.state(tenant)).is_locked
    world.go("2025-03-02T12:00")
    assert len((await world.use(tenant, "1", "2025-03-02T06:00")).recorded) == 1


async def test_at_one_instant_all_holds_expire_before_a_grace_ends(world: World) -> None:
    """Decision 0011: a hold's expiry comes before the end of a grace: money that is freed may still pay."""
    tenant = await world.priced("2025-02-01", grace_days=1)
    await world.use(tenant, "10")
    world.go("2025-03-01")
    await world.top_up(tenant, 100)
    await world.hold(tenant, 50)
    await world.hold(tenant, 50)
    await world.bill("2025-02", tenant)
    world.go("2025-03-02")
    await world.top_up(tenant, 1)
    assert [line for line in await world.lines(tenant) if "LOCK" in line] == []


async def test_only_what_raises_what_is_available_collects_what_a_charge_back_made_due(world: World) -> None:
    """Law 20, and decision 0016: taking another credit back lowers what is available."""
    tenant = await world.owing()
    await world.top_up(tenant, 100)
    await world.top_up(tenant, 300)
    charged, other = [t.after.version for t in await world.log(tenant) if t.reason == "TOP_UP"]
    await world.reverse(tenant, charged, reopen_invoices=True)
    assert await world.money(tenant) == (300, 0, 100)
    await world.reverse(tenant, other, 50)
    assert await world.money(tenant) == (250, 0, 100)


async def test_neither_a_whole_capture_nor_a_new_invoice_collects_what_a_charge_back_made_due(world: World) -> None:
    """Law 20, and decision 0016."""
    tenant = await world.owing()
    await world.top_up(tenant, 100)
    await world.top_up(tenant, 300)
    held = (await world.hold(tenant, 50)).transactions[0].after.version
    charged = next(t.after.version for t in await world.log(tenant) if t.reason == "TOP_UP")
    await world.reverse(tenant, charged, reopen_invoices=True)
    await world.capture(tenant, held)
    assert await world.money(tenant) == (250, 0, 100)
    world.go("2025-04-01")
    await world.bill("2025-03", tenant)
    assert await world.money(tenant) == (250, 0, 100)


async def test_the_lock_for_money_goes_off_as_soon_as_nothing_is_due_between_two_invoices_too(world: World) -> None:
    """Law 21: on until *nothing* is due. April's invoice is a credit, which pays March's; only then comes May's."""
    tenant = await world.priced("2025-02-01", grace_days=3)
    fee = NewPrice(tenant, "HOSTING", "month", None, at("2025-05-01"), None, PriceModel.FLAT, 300)
    await set_price(world.core, access.SYSTEM, fee)
    await world.top_up(tenant, 400)
    await world.use(tenant, "40", key="wrong")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    await world.use(tenant, "20")
    world.go("2025-04-01")
    await world.bill("2025-03", tenant)
    world.go("2025-04-05")
    await world.use(tenant, "-40", corrects="wrong")
    world.go("2025-06-01")
    await world.bill("2025-05", tenant)
    assert [status for _, _, status, _ in await world.invoices(tenant)] == ["PAID", "PAID", "PAID", "DUE"]
    state = await world.state(tenant)
    assert (state.is_locked, state.locks_at) == (False, at("2025-06-04"))


async def test_a_preview_is_confirmed_by_its_version_though_the_clock_had_decided_something(world: World) -> None:
    """The contract's basedOnVersion: "given as expectedVersion, it confirms exactly this preview"."""
    tenant = await world.tenant()
    await world.top_up(tenant, 100)
    await world.hold(tenant, 50, 60)
    world.go("2025-02-02")
    preview = await world.adjust(tenant, "ADD", 10, dry_run=True)
    await world.adjust(tenant, "ADD", 10, expected_version=preview.based_on_version)


async def test_what_a_void_took_back_of_a_month_before_the_first_closed_one_is_billed_again(world: World) -> None:
    """Law 19: what should have been billed becomes a line of a later invoice."""
    tenant = await world.priced("2025-01-01")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    await world.use(tenant, "1", "2025-01-20")
    world.go("2025-04-01")
    await world.bill("2025-03", tenant)
    assert await world.invoices(tenant) == [(1, "2025-03", "DUE", 10)]
    await world.void(tenant, 1)
    world.go("2025-05-01")
    await world.bill("2025-04", tenant)
    assert await world.invoices(tenant) == [(1, "2025-03", "VOID", 10), (2, "2025-04", "DUE", 10)]


async def test_an_event_is_in_the_month_whose_start_and_end_are_around_it(world: World) -> None:
    """Law 18. In St. John's November 2009 began, and a minute later the clocks went back into October for an hour."""
    tenant = await world.priced("2009-01-01", billing_zone="America/St_Johns")
    await world.use(tenant, "1", "2009-11-01T03:00")
    assert [month for month, *_ in await world.totals(tenant)] == ["11"]
