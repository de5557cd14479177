"""Prices of every model, set, replaced, cancelled and read: laws 12, 13, 14, 23 and 24."""

import json
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import asyncpg
import pytest

from domain import access
from domain.access import viewer_of_token
from domain.money import MOST_MINOR, MOST_QUANTITY
from domain.refusals import BadInput, Forbidden, NotFound, NotPossible, PeriodClosed
from services.pricing import cancel_price
from services.pricing_queries import find_price
from services.runway import monthly_charges
from services.usage_queries import list_monthly_usage
from tests.priced import Terms, agree, price
from tests.world import World, at, opened_world

world = opened_world
TIERS = [("100", "10", 0), ("1000.5", "0.000000000001", 70), (None, "0", 900)]
EACH_MODEL = [
    Terms(each="0.25", minimum=100),
    Terms("FLAT", flat=MOST_MINOR),
    Terms("GRADUATED", tiers=TIERS, minimum=MOST_MINOR),
    Terms("VOLUME", tiers=TIERS),
    Terms("PACKAGE", each=str(MOST_MINOR), size=str(MOST_QUANTITY)),
]


@pytest.mark.parametrize("terms", EACH_MODEL)
async def test_a_price_is_kept_exactly_and_set_again_it_is_the_same_price(world: World, terms: Terms) -> None:
    tenant = await world.tenant()
    set_to = (await agree(world, tenant, "2025-03-01", terms)).price.price
    found = await find_price(access.SYSTEM, set_to.id)
    as_asked = replace(price(terms, at("2025-03-01")), id=set_to.id, wallet_id=tenant, created_at=at("2025-02-01"))
    assert found == set_to == as_asked
    async with world.unchanged():
        again = await agree(world, tenant, "2025-03-01", terms)
    assert (again.price.price, again.is_new) == (found, False)


@pytest.mark.parametrize(
    "other",
    [
        Terms("GRADUATED", tiers=TIERS, minimum=1),
        Terms("VOLUME", tiers=TIERS),
        Terms("GRADUATED", tiers=TIERS[1:]),
        Terms("GRADUATED", tiers=[("100", "10", 1), *TIERS[1:]]),
        Terms("GRADUATED", tiers=[("100.000001", "10", 0), *TIERS[1:]]),
        Terms("GRADUATED", tiers=[("100", "10.000000000001", 0), *TIERS[1:]]),
        Terms("FLAT", flat=1),
    ],
)
async def test_a_price_that_differs_in_any_term_is_another_one(world: World, other: Terms) -> None:
    tenant = await world.tenant()
    first = await agree(world, tenant, "2025-03-01", Terms("GRADUATED", tiers=TIERS))
    async with world.refuses(NotPossible):
        await agree(world, tenant, "2025-03-01", other)
    second = await agree(world, tenant, "2025-03-01", other, replaces=first.price.price.id)
    assert [stretch.price for stretch in second.stretches] == [second.price.price]


async def test_what_its_model_does_not_take_is_refused_before_anything_is_written(world: World) -> None:
    tenant = await world.tenant()
    for terms in (Terms("FLAT", flat=1, each="1"), Terms("VOLUME"), Terms("PACKAGE", each="1")):
        async with world.refuses(BadInput):
            await agree(world, tenant, "2025-03-01", terms)


async def test_a_price_of_any_model_never_begins_in_a_closed_month(world: World) -> None:
    tenant = await world.tenant()
    await agree(world, tenant, "2025-02-01", Terms("FLAT", flat=700))
    world.go("2025-03-05")
    await world.bill("2025-02", tenant)
    for terms in EACH_MODEL:
        async with world.refuses(PeriodClosed) as refusal:
            await agree(world, tenant, "2025-02-28T23:59:59.999999", terms)
        assert refusal.value.open_from == at("2025-03-01")
    await agree(world, tenant, "2025-03-01", Terms("FLAT", flat=900))
    world.go("2025-04-01")
    await world.bill("2025-03", tenant)
    assert [row[3] for row in await world.invoices(tenant)] == [700, 900]


async def test_the_audit_tells_all_terms(world: World) -> None:
    tenant = await world.tenant()
    first = (await agree(world, tenant, "2025-04-01", Terms("GRADUATED", tiers=TIERS[1:], minimum=5))).price.price
    second = await agree(world, tenant, "2025-05-01", Terms("PACKAGE", each="2.5", size="10"), replaces=first.id)
    await cancel_price(world.core, access.SYSTEM, second.price.price.id)
    rows = await world.sql("SELECT before, after FROM audit_entries WHERE action LIKE '%Price' ORDER BY id")
    told = [tuple(text and json.loads(text) for text in row) for row in rows]
    assert told[0] == (None, told[1][0])
    assert told[1] == (told[0][1], told[2][0])
    terms = ("model", "unitPriceMinor", "flatMinor", "packageSize", "tiers", "minimumMinor")
    assert [[facts[term] for term in terms] for facts in told[1]] == [
        ["GRADUATED", None, None, None, [
            {"upTo": "1000.5", "unitPriceMinor": "0.000000000001", "flatMinor": 70},
            {"upTo": None, "unitPriceMinor": "0", "flatMinor": 900},
        ], 5],
        ["PACKAGE", "2.5", None, "10", [], 0],
    ]  # fmt: skip


async def test_who_sees_all_but_sets_no_prices_is_told_so_whether_there_is_one_or_not(world: World) -> None:
    tenant = await world.tenant()
    made = (await agree(world, tenant, "2025-03-01", Terms(each="1"))).price.price.id
    for permissions in ({"price:read"}, {"price:write"}):
        viewer = viewer_of_token(uuid4(), None, frozenset(permissions))
        for asked in (made, uuid4()):
            async with world.refuses(Forbidden):
                await cancel_price(world.core, viewer, asked)
    both = viewer_of_token(uuid4(), None, frozenset({"price:read", "price:write"}))
    async with world.refuses(NotFound):
        await cancel_price(world.core, both, uuid4())
    await cancel_price(world.core, both, made)


async def test_a_months_usage_costs_what_each_stretch_says_without_fees_and_minimums(world: World) -> None:
    tenant = await world.tenant()
    await agree(world, tenant, "2025-02-01", Terms("FLAT", flat=700, minimum=5_000))
    await agree(world, tenant, "2025-02-10", Terms("PACKAGE", each="100", size="10", minimum=9_000))
    await agree(world, tenant, "2025-02-20", Terms("VOLUME", tiers=[("10", "7", 1), (None, "3.3", 2)]))
    world.go("2025-02-28")
    for day, quantity in (("02-05", "4"), ("02-12", "10.5"), ("02-21", "10"), ("02-22", "1")):
        await world.use(tenant, quantity, f"2025-{day}")
    [usage] = await list_monthly_usage(tenant, None, None, 10, None)
    assert (usage.quantity, usage.charge) == (Decimal("25.5"), 0 + 200 + 38)


async def test_the_running_month_is_projected_with_its_fees_and_minimums(world: World) -> None:
    tenant, unused, idle = [await world.tenant() for _ in range(3)]
    for of in (tenant, unused):
        await agree(world, of, "2025-01-15", Terms("FLAT", flat=700), "FEE")
        await agree(world, of, "2025-02-01", Terms(each="10", minimum=500))
        await agree(world, of, "2025-02-02", Terms("FLAT", flat=90_000), "LATER")
    await world.use(tenant, "10")
    world.go("2025-02-01T23:59:59.999999")
    assert set((await monthly_charges(world.core, [tenant, unused, idle])).values()) == {0}
    world.go("2025-02-08")
    charges = await monthly_charges(world.core, [tenant, unused, idle])
    assert charges == {tenant: 700 + max(4 * 100, 500), unused: 700 + 500, idle: 0}
    await world.use(tenant, "10")
    assert (await monthly_charges(world.core, [tenant]))[tenant] == 700 + 4 * 200


@pytest.mark.parametrize(
    "change",
    [
        "model = 'VOLUME'", "model = 'FLAT'", "model = 'PACKAGE'", "unit_price = NULL", "flat = 1", "package_size = 1",
        "tiers = '[{}]'", "minimum = -1", "model = 'FLAT', unit_price = NULL, flat = -1",
        "model = 'FLAT', unit_price = NULL, flat = 9007199254740992", "minimum = 9007199254740992",
        "model = 'GRADUATED', unit_price = NULL, tiers = '[]'", "model = 'PACKAGE', package_size = 0",
    ],
)  # fmt: skip
async def test_the_database_refuses_a_price_whose_terms_are_not_its_models(world: World, change: str) -> None:
    await world.priced()
    async with world.refuses(asyncpg.CheckViolationError):
        await world.sql(f"UPDATE prices SET {change}")
