"""A draft price against what was really used: to the rupee, and as real billing at that price would have it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain import access
from domain.access import Role, Viewer, viewer_of_token, viewer_of_user
from domain.pricing import PriceModel
from domain.refusals import BadInput, Forbidden, NotFound
from domain.rehearsal import Outlook, Rehearsed
from services.rehearsal import READS, DraftPrice, Rehearsal, rehearse_price
from tests.priced import Terms, agree
from tests.test_rating import TERMS
from tests.world import World, at, event, opened_world

world = opened_world
Month = tuple[int, int, int]


async def rehearse(
    world: World, terms: Terms, *tenants: UUID, months: int = 3, limit: int = 100, **more: Any
) -> Rehearsal:
    after, viewer = more.pop("after", None), more.pop("viewer", access.SYSTEM)
    currency = more.pop("currency", None if tenants else "INR")
    draft = DraftPrice("EPAPER", months=months, currency=currency, tenant_ids=tenants or None, **terms.values)
    return await rehearse_price(world.core, viewer, draft, limit, after)


def figures(one: Rehearsed) -> list[Month]:
    return [(month.month.month, month.billed, month.would_be) for month in one.months]


async def the_card(world: World) -> UUID:
    """The card's tenant, up to the first of May."""
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "200000")
    await world.price(tenant, "2025-04-01", "180000")
    for amount in (500_000, 350_000, 3_200_000):
        await world.top_up(tenant, amount)
    await world.use(tenant, "18", "2025-02-01")
    for month, pages, paid in ((3, "12", 0), (4, None, 2_500_000), (5, None, 0)):
        world.go(f"2025-{month:02d}-01")
        await world.bill(f"2025-{month - 1:02d}", tenant)
        if pages:
            await world.use(tenant, pages)
        if paid:
            world.go("2025-04-02")
            await world.top_up(tenant, paid)
            await world.use(tenant, "15")
    return tenant


async def test_the_cards_tenant_at_1800_a_page_from_the_beginning(world: World) -> None:
    tenant = await the_card(world)
    async with world.unchanged():
        told = await rehearse(world, Terms(each="180000"), tenant)
    (one,) = told.page
    assert figures(one) == [(2, 3_600_000, 3_240_000), (3, 2_400_000, 2_160_000), (4, 2_700_000, 2_700_000)]
    assert (one.billed, one.would_be, one.difference) == (8_700_000, 8_100_000, -600_000)
    assert (one.locked_at, one.would_have_locked_at) == (at("2025-04-01"), at("2025-04-01")), "8,100 is not 21,600"
    assert one.outlook == Outlook(2_900_000, 2_700_000)
    assert one.available == 550_000
    assert (told.tenants, told.billed, told.would_be) == (1, 8_700_000, 8_100_000)
    assert (told.locked, told.would_have_locked) == (1, 1)
    assert [(month.month, of.tenants, of.would_be) for month, of in told.months.items()] == [
        (2, 1, 3_240_000), (3, 1, 2_160_000), (4, 1, 2_700_000)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("minor", "locked"),
    [("135000", None), ("135001", "2025-04-01"), ("225000", "2025-04-01"), ("225001", "2025-03-01")],
)
async def test_the_cards_tenant_would_have_been_locked_at_the_first_invoice_that_its_money_does_not_cover(
    world: World, minor: str, locked: str | None
) -> None:
    """40,500 for 18 + 12 pages is 1,350 a page, and for the first 18 of them 2,250."""
    tenant = await the_card(world)
    (one,) = (await rehearse(world, Terms(each=minor), tenant)).page
    assert one.would_have_locked_at == (at(locked) if locked else None)


async def test_a_draft_equal_to_what_was_in_force_changes_nothing_and_one_month_is_the_last(world: World) -> None:
    tenant = await world.priced()
    await world.use(tenant, "7")
    world.go("2025-04-01")
    await world.bill("2025-03")
    (one,) = (await rehearse(world, Terms(each="10"), tenant)).page
    assert figures(one) == [(2, 70, 70), (3, 0, 0)]
    assert (one.locked_at, one.would_have_locked_at) == (at("2025-04-01"), at("2025-04-01"))
    (one,) = (await rehearse(world, Terms(each="20"), tenant, months=1)).page
    assert figures(one) == [(3, 0, 0)]
    assert one.outlook == Outlook(35, 70), "what it costs a month comes from the last three, whatever is shown"


USED: list[list[str]] = [[], ["11"], ["3.5", "8"], ["99.5", "0.5"], ["1000"], ["12.5", "12.5"]]
LATE, RICH = 3, 5
LINES = "SELECT month, sum(amount)::bigint FROM invoice_lines WHERE wallet_id = $1 GROUP BY 1 HAVING sum(amount) <> 0"
LOCKED = "SELECT min(created_at) FROM wallet_transactions WHERE wallet_id = $1 AND type = 'LOCK'"


@pytest.mark.parametrize("draft", TERMS)
async def test_over_all_tenants_it_is_what_real_billing_of_the_same_usage_at_that_price_gives(
    world: World, draft: Terms
) -> None:
    """The same lives twice: one half at prices of their own, the other really at the draft."""
    half, other = [
        [await _lives(world, n, terms, currency) for n in range(len(USED))]
        for currency, terms in (("INR", None), ("USD", draft))
    ]
    world.go("2025-02-20")
    await world.record(*(event(of[n], quantity) for of in (half, other) for n in range(6) for quantity in USED[n]))
    for month in (3, 4, 5):
        world.go(f"2025-{month:02d}-01")
        await world.bill(f"2025-{month - 1:02d}")
        await world.record(*(event(of[RICH], "17.5") for of in (half, other)))
        if month == 3:  # on a line of March's invoice
            await world.record(*(event(of[LATE], "4.25", "2025-02-20") for of in (half, other)))
    told = await rehearse(world, draft)
    by_id = {one.tenant_id: one for one in told.page}
    for n, (tenant, twin) in enumerate(zip(half, other, strict=True)):
        one = by_id[tenant]
        assert {m.month: m.billed for m in one.months if m.billed} == dict(await world.sql(LINES, tenant))
        assert {m.month: m.would_be for m in one.months if m.would_be} == dict(await world.sql(LINES, twin))
        if n != LATE:  # its difference counts from the closing of the month that it is for
            assert [(one.locked_at,), (one.would_have_locked_at,)] == [
                *await world.sql(LOCKED, tenant), *await world.sql(LOCKED, twin)
            ]  # fmt: skip
    sums = "SELECT sum(amount)::bigint FROM invoice_lines WHERE wallet_id = ANY($1)"
    assert (told.tenants, [(told.billed or None,), (told.would_be or None,)]) == (
        len(USED), [*await world.sql(sums, half), *await world.sql(sums, other)]
    )  # fmt: skip


async def _lives(world: World, n: int, terms: Terms | None, currency: str) -> UUID:
    """The n-th: others use more, pay more, have another grace; the third's service begins within February."""
    tenant = await world.tenant(currency=currency, grace_days=n % 3 * 20)
    await world.top_up(tenant, 10**7 if n == RICH else 1 + 700 * n)
    since = "2025-02-09" if n == 2 else "2025-02-01"
    await agree(world, tenant, since, terms or TERMS[(n + 1) % len(TERMS)])
    if terms is None:
        await agree(world, tenant, "2025-03-15", Terms(each="3"))
    return tenant


async def test_pages_go_by_the_biggest_difference_and_sums_are_over_all(world: World) -> None:
    tenants = [await world.priced() for _ in range(4)]
    for tenant, quantity in zip(tenants, ("1", "3", "2", "2"), strict=True):
        await world.use(tenant, quantity)
    world.go("2025-03-01")
    await world.bill("2025-02")
    first = await rehearse(world, Terms(each="4"), limit=2)
    second = await rehearse(world, Terms(each="4"), limit=9, after=first.page[-1].place)
    assert [one.difference for one in (*first.page, *second.page)] == [-18, -12, -12, -6]
    assert [one.tenant_id for one in (*first.page, *second.page)] == [tenants[1], tenants[2], tenants[3], tenants[0]]
    assert all((told.tenants, told.would_be - told.billed) == (4, -48) for told in (first, second))
    named = await rehearse(world, Terms(each="4"), tenants[0], tenants[3])
    assert [one.tenant_id for one in named.page] == [tenants[3], tenants[0]]


async def test_whom_a_draft_cannot_be_for_is_left_out_and_unlike_currencies_are_refused(world: World) -> None:
    other = await world.tenant()
    await world.price(other, "2025-02-01", "10", "API", "call")
    rupees, dollars, gone = await world.priced(), await world.priced(currency="USD"), await world.priced()
    world.go("2025-03-01")
    await world.bill("2025-02", rupees, dollars, gone, other)
    young = await world.priced()
    await world.sql("UPDATE tenants SET closed_at = '2025-03-01' WHERE id = $1", gone)
    assert [one.tenant_id for one in (await rehearse(world, Terms(each="1"))).page] == [rupees]
    assert [one.tenant_id for one in (await rehearse(world, Terms(each="1"), other, young, rupees)).page] == [rupees]
    with pytest.raises(NotFound):
        await rehearse(world, Terms(each="1"), gone)
    with pytest.raises(BadInput, match="INR and USD are never added"):
        await rehearse(world, Terms(each="1"), rupees, dollars)
    with pytest.raises(BadInput, match="INR and USD are never added"):
        await rehearse(world, Terms(each="1"), rupees, currency="USD")


async def test_a_draft_that_no_price_could_be_is_refused(world: World) -> None:
    tenant = await world.priced()
    await world.use(tenant, "2")
    world.go("2025-03-01")
    await world.bill("2025-02")
    for terms, more, said in (
        (Terms("FLAT"), {}, "A FLAT price takes flatMinor"),
        (Terms(each="1"), {"months": 13}, "months takes 1 to 12"),
        (Terms(each="1"), {"currency": "XXX"}, "is not a currency"),
        (Terms(each="9007199254740991"), {}, "EPAPER in 2025-02 would have cost more than"),
    ):
        with pytest.raises(BadInput, match=said):
            await rehearse(world, terms, **more)
    draft = DraftPrice("EPAPER", PriceModel.PER_UNIT, 3, unit_price=Decimal(1))
    with pytest.raises(BadInput, match="say in which currency"):
        await rehearse_price(world.core, access.SYSTEM, draft, 10, None)


async def test_only_who_reads_prices_usage_invoices_and_wallets_of_all_tenants_rehearses(world: World) -> None:
    tenant = await world.priced()
    support = viewer_of_user(tenant, Role.SUPPORT, None, None)
    assert (await rehearse(world, Terms(each="1"), viewer=support)).tenants == 0
    narrow: list[Viewer] = [viewer_of_token(tenant, None, frozenset(READS) - {one}) for one in READS]
    bound = [viewer_of_token(tenant, tenant, access.PERMISSIONS[Role.SUPER_ADMIN])]
    people = [viewer_of_user(tenant, role, tenant, None) for role in (Role.TENANT_ADMIN, Role.MEMBER)]
    for viewer in (*narrow, *bound, *people):
        with pytest.raises(Forbidden):
            await rehearse(world, Terms(each="1"), tenant, viewer=viewer)
