"""What forecasts follow from, of tenants with many services and a long past."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from domain.forecast import Facts, Forecast
from services.forecast_queries import load_forecasts
from services.projecting import work_out
from tests.world import World, opened_world

world = opened_world


async def foreseen(world: World, tenant: UUID) -> Forecast:
    return (await load_forecasts(world.core, [tenant]))[tenant]


def prices(facts: Facts) -> list[Decimal | None]:
    return [stretch.price.unit_price for stretch in facts.timeline]


async def test_prices_that_ended_before_all_that_is_billed_are_not_looked_at(world: World) -> None:
    tenant = await world.tenant(billing_zone="UTC")
    for month in range(2, 10):
        await world.price(tenant, f"2025-{month:02}-01", str(month))
    await world.use(tenant, "10", "2025-02-01")
    world.go("2025-08-15")
    await world.bill("2025-07", tenant)
    assert prices((await foreseen(world, tenant)).facts) == [4, 5, 6, 7, 8, 9]
    await world.void(tenant, 1)
    made = await foreseen(world, tenant)
    assert prices(made.facts) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert [(line.month.month, line.amount) for line in made.months[0].bill.lines] == [(2, 20)]


async def test_others_go_on_while_many_services_are_projected(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "1")
    facts = (await foreseen(world, tenant)).facts
    (one,) = facts.timeline
    many = [replace(one, price=replace(one.price, id=UUID(int=n), service=f"{n}", minimum=1)) for n in range(2_000)]
    working = asyncio.create_task(work_out(replace(facts, timeline=many)))
    for _ in range(3):
        await asyncio.sleep(0)
    assert not working.done()
    assert (await working).months[0].charge == len(many)
