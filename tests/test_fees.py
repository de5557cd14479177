"""What a month costs whether it is used or not, and what models come to on an invoice: laws 13, 16, 18 and 19."""

from typing import Any
from uuid import UUID

import pytest

from domain.money import MOST_MINOR
from domain.refusals import BadInput
from services.billing_queries import list_failures
from tests.priced import Terms, agree
from tests.world import World, at, opened_world

world = opened_world
FEE = Terms("FLAT", flat=700)
TIERS = Terms("GRADUATED", tiers=[("10", "5", 50), (None, "1", 0)], minimum=200)
LINES = """
SELECT count::int, kind, service, to_char(month, 'MM'), trim_scale(quantity)::text, trim_scale(unit_price)::text, amount
FROM invoice_lines WHERE wallet_id = $1 AND count >= $2 ORDER BY count, position
"""


async def lines(world: World, tenant: UUID, since: int = 1) -> list[tuple[Any, ...]]:
    return await world.sql(LINES, tenant, since)


async def close(world: World, tenant: UUID, *months: int) -> None:
    """Each as the one after it begins."""
    for month in months:
        world.go(f"2025-{month + 1:02d}-01")
        await world.bill(f"2025-{month:02d}", tenant)


async def test_a_fee_is_billed_each_month_without_any_usage(world: World) -> None:
    tenant = await world.tenant()
    await agree(world, tenant, "2025-02-01", FEE)
    await agree(world, tenant, "2025-04-01", Terms("FLAT", flat=900))
    await close(world, tenant, 2, 3, 4)
    assert await world.invoices(tenant) == [
        (1, "2025-02", "DUE", 700), (2, "2025-03", "DUE", 700), (3, "2025-04", "DUE", 900)
    ]  # fmt: skip
    assert (await lines(world, tenant))[0] == (1, "FLAT", "EPAPER", "02", "1", "700", 700)


async def test_a_tenant_made_within_a_month_pays_no_fee_for_that_month(world: World) -> None:
    world.go("2025-02-10")
    tenant = await world.tenant()
    await agree(world, tenant, "2025-02-10", FEE)
    await close(world, tenant, 2, 3)
    assert await world.closed(tenant) == [("02", None), ("03", 1)]


async def test_a_fee_that_changes_within_a_month_counts_from_the_next_one_and_usage_at_once(world: World) -> None:
    tenant = await world.tenant()
    await agree(world, tenant, "2025-02-01", FEE)
    await agree(world, tenant, "2025-02-15", Terms(each="10"))
    await world.use(tenant, "5", "2025-02-01")
    world.go("2025-02-20")
    await world.use(tenant, "3", "2025-02-15")
    await close(world, tenant, 2, 3)
    assert await lines(world, tenant) == [
        (1, "FLAT", "EPAPER", "02", "1", "700", 700),
        (1, "USAGE", "EPAPER", "02", "5", None, 0),
        (1, "USAGE", "EPAPER", "02", "3", "10", 30),
    ]
    assert await world.closed(tenant) == [("02", 1), ("03", None)]


async def test_what_a_month_lacks_to_its_minimum_is_a_line_and_late_usage_counts_towards_it(world: World) -> None:
    tenant = await world.tenant()
    await agree(world, tenant, "2025-02-01", TIERS)
    await world.use(tenant, "9")
    await close(world, tenant, 2)
    await world.use(tenant, "2", "2025-02-28")
    await close(world, tenant, 3)
    await world.use(tenant, "200", "2025-02-28")
    await close(world, tenant, 4)
    assert await lines(world, tenant) == [
        (1, "USAGE", "EPAPER", "02", "9", None, 95),
        (1, "MINIMUM", "EPAPER", "02", "1", None, 105),
        (2, "LATE", "EPAPER", "02", "2", None, 0),
        (2, "MINIMUM", "EPAPER", "03", "1", None, 200),
        (3, "LATE", "EPAPER", "02", "200", None, 101),
        (3, "MINIMUM", "EPAPER", "04", "1", None, 200),
    ]


@pytest.mark.parametrize(("currency", "calls", "charged"), [("JPY", "6", 2), ("INR", "10001", 2_500), ("KWD", "3", 1)])
async def test_a_quarter_of_a_minor_unit_a_call_is_exact_whatever_the_currencys_exponent(
    world: World, currency: str, calls: str, charged: int
) -> None:
    tenant = await world.tenant(currency=currency)
    await agree(world, tenant, "2025-02-01", Terms(each="0.25"), "API")
    await world.use(tenant, calls, service="API")
    await close(world, tenant, 2)
    assert await lines(world, tenant) == [(1, "USAGE", "API", "02", calls, "0.25", charged)]


async def test_usage_moves_to_a_price_set_later_for_its_time_whatever_their_models(world: World) -> None:
    tenant = await world.tenant()
    await agree(world, tenant, "2025-02-01", Terms("PACKAGE", each="100", size="10"))
    world.go("2025-02-20")
    for day, quantity in (("02-05", "11"), ("02-10", "5"), ("02-15", "6")):
        await world.use(tenant, quantity, f"2025-{day}")
    await agree(world, tenant, "2025-02-10", TIERS)
    await agree(world, tenant, "2025-02-14", FEE)
    await close(world, tenant, 2)
    assert [row[4:] for row in await lines(world, tenant)] == [("11", "100", 200), ("5", None, 75), ("6", None, 0)]


async def test_a_price_by_which_recorded_usage_costs_more_than_an_amount_can_say_is_refused(world: World) -> None:
    tenant = await world.priced("2025-02-01")
    await world.use(tenant, "2", "2025-02-01T00:01")
    for dry_run in (False, True):
        async with world.refuses(BadInput) as refusal:
            await agree(world, tenant, "2025-02-01T00:00:30", Terms(each=str(MOST_MINOR)), dry_run=dry_run)
        assert "EPAPER in 2025-02 would cost more than" in str(refusal.value)


async def test_a_line_beyond_any_amount_stops_only_its_tenant_with_a_sentence(world: World) -> None:
    huge, fine = await world.priced(), await world.priced()
    for tenant in (huge, fine):
        await world.use(tenant, "100000000000")
    await world.sql("UPDATE prices SET unit_price = $2 WHERE wallet_id = $1", huge, MOST_MINOR)
    world.go("2025-03-01")
    billed = await world.bill("2025-02")
    [(tenant, why)] = await list_failures(billed.run.id, 10, None)
    assert (tenant, await world.invoices(huge), await world.closed(huge)) == (huge, [], [])
    assert why.startswith("EPAPER in 2025-02 costs more than 9,007,199,254,740,991 minor units")
    assert len(await world.invoices(fine)) == 1


async def test_closing_notes_when_the_server_closes_the_month_after(world: World) -> None:
    tenant = await world.tenant(billing_zone="Asia/Kolkata", billing_delay_hours=6)
    sql = "SELECT bills_at FROM tenants WHERE id = $1"
    assert await world.sql(sql, tenant) == [(at("2025-03-01T00:30"),)]
    world.go("2025-04-02")
    await world.bill("2025-03", tenant)
    assert await world.sql(sql, tenant) == [(at("2025-05-01T00:30"),)]
    await world.sql("UPDATE tenants SET bills_at = created_at")
    await world.bill("2025-02", tenant)
    assert await world.sql(sql, tenant) == [(at("2025-05-01T00:30"),)], "found closed already: it is set right"
