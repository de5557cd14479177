"""Who locks soonest, page by page, and who may see it."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain import access
from domain.access import READ_ONLY, Role, Viewer, viewer_of_token
from domain.refusals import BadInput
from services.forecast_queries import count_risks, list_risks
from services.forecasting import refresh
from tests.forecasts import RUPEES, card
from tests.priced import Terms, agree
from tests.world import World, at, opened_world

world = opened_world

SUPPORT = access.viewer_of_user(UUID(int=1), Role.SUPPORT, None, None)


async def risks(world: World, **asked: object) -> list[tuple[UUID, object, int | None]]:
    values = {"currency": None, "until": None, "limit": 10, "after": None} | asked
    page = await list_risks(world.core, SUPPORT, **values)  # type: ignore[arg-type]
    return [
        (key[1], page.risks[key[1]].locks_at, page.risks[key[1]].top_up) for key in page.keys if key[1] in page.risks
    ]


async def test_who_locks_soonest_comes_first_and_before_them_who_is_locked(world: World) -> None:
    rich, poor = await card(world), await world.priced(currency="JPY")
    await agree(world, poor, "2025-02-01", Terms("FLAT", flat=50), "HOSTING")
    never = await world.priced()
    locked = await world.owing()
    await world.top_up(rich, 20_000 * RUPEES)
    await world.bill("2025-02", rich)
    await refresh(world.core, [rich, poor, never, locked])
    assert [(tenant, at_) for tenant, at_, _ in await risks(world)] == [
        (locked, at("2025-03-01")),
        (poor, at("2025-03-01T01:00")),
        (rich, at("2025-04-01T01:00")),
    ]
    assert [tenant for tenant, _, _ in await risks(world, currency="JPY")] == [poor]
    assert await risks(world, until=at("2025-04-01T01:01"), currency="INR") == [
        (locked, at("2025-03-01"), 100 + 111),  # 1 page in 28 days: 1.107143 in 31
        (rich, at("2025-04-01T01:00"), 3_985_714 - 2_450_000),  # 18 pages in 28 days
    ]


async def test_risks_go_on_after_a_key_and_show_what_is_so_now(world: World) -> None:
    tenants = [await world.owing() if not n else await card_again(world) for n in range(3)]
    await refresh(world.core, tenants)
    page = await list_risks(world.core, SUPPORT, None, None, 2, None)
    following = await list_risks(world.core, SUPPORT, None, None, 9, page.keys[1])
    assert [key[1] for key in (*page.keys, *following.keys)] == tenants
    await world.top_up(tenants[0], 10**9)  # not worked out anew yet
    assert [tenant for tenant, _, _ in await risks(world)] == tenants[1:]
    assert await count_risks(SUPPORT, None) == 3
    for until in (at("2025-03-01"), at("2025-03-01") + timedelta(days=731)):
        with pytest.raises(BadInput):
            await risks(world, until=until)


async def card_again(world: World) -> UUID:
    """A tenant of ₹1 a month and nothing to pay it from."""
    tenant = await world.tenant()
    await agree(world, tenant, "2025-03-01", Terms("FLAT", flat=100), "HOSTING")
    return tenant


@pytest.mark.parametrize(
    "viewer", [viewer_of_token(UUID(int=2), UUID(int=3), READ_ONLY), viewer_of_token(UUID(int=2), None, frozenset())]
)
async def test_only_those_who_see_all_wallets_see_who_is_at_risk(world: World, viewer: Viewer) -> None:
    await refresh(world.core, [await world.owing()])
    assert (await list_risks(world.core, viewer, None, None, 10, None)).keys == []
    assert await count_risks(viewer, None) == 0
