"""A tenant whose money runs out, and what is kept of it: what stories of forecasts share."""

from uuid import UUID

from domain.forecast import Forecast
from services.forecast_queries import load_forecasts
from tests.world import World

RUPEES = 100
ROW = """
SELECT locked_at, locks_at, months_remaining, price_changes_at, wallet_version, computed_at, due_at
FROM forecasts WHERE tenant_id = $1
"""


async def foreseen(world: World, tenant: UUID) -> Forecast:
    return (await load_forecasts(world.core, [tenant]))[tenant]


async def locks_at(world: World, tenant: UUID) -> object:
    """As it is kept."""
    return (await world.sql(ROW, tenant))[0][1]


async def card(world: World) -> UUID:
    """The card's tenant on 19 February: ₹40,500, 18 pages at ₹2,000, and ₹1,800 from April on."""
    tenant = await world.tenant(billing_zone="UTC")
    await world.price(tenant, "2025-02-01", "200000")
    await world.price(tenant, "2025-04-01", "180000")
    await world.top_up(tenant, 40_500 * RUPEES)
    await world.use(tenant, "18", "2025-02-01")
    world.go("2025-02-19")
    return tenant
