"""Forecasts as the API shows them: lines that add up, a top-up for a date, and a list that goes on after its cursor."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest_asyncio

from domain import access
from domain.usage import UsageEvent
from services.forecasting import refresh
from services.people import create_tenant
from services.people_input import NewTenant
from services.pricing import NewPrice, set_price
from services.usage import record_usage
from services.wallets import top_up
from tests.api import Api, api
from tests.world import at

FORECAST = """query ($id: ID!, $months: Int, $date: DateTime = "2025-03-01T02:00:00Z") { wallet(id: $id) {
  forecast(months: $months) { time availableMinor dueMinor locksAt horizon basis topUpUntil(date: $date)
    usage { service unit from until quantity dailyQuantity }
    months { month openingMinor chargeMinor closingMinor billedAt covered locksAt
      lines { kind service month quantity usedQuantity unitPriceMinor from until amountMinor } } } } }"""
RISKS = """query ($first: Int, $after: String, $currency: String) {
  lockRisks(first: $first, after: $after, currency: $currency, until: "2025-03-01T02:00:00Z") {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { locksAt chargeThisMonthMinor monthsRemaining topUpMinor tenant { name } wallet { id } } } } }"""


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    """On 11 February 2025."""
    async with api(database_url, "2025-02-01T00:00:00+00:00") as here:
        here.at("2025-02-11T00:00:00+00:00")
        yield here


async def tenant(here: Api, name: str, money: int, **more: Any) -> UUID:
    """With 20 pages at 10 in ten days, 18 more to come in February, at 12 from the 21st on."""
    core, viewer = here.shared.core, access.SYSTEM
    made = (await create_tenant(core, viewer, NewTenant(name, billing_zone="UTC", **more))).id
    for minor, since in ((10, "2025-02-01"), (12, "2025-02-21")):
        await set_price(core, viewer, NewPrice(made, "EPAPER", "page", Decimal(minor), at(since)))
    await record_usage(core, viewer, [UsageEvent(made, "one", "EPAPER", Decimal(20), at("2025-02-05"))])
    await top_up(core, viewer, made, money, "", "money")
    return made


async def test_a_forecast_shows_all_its_arithmetic(here: Api) -> None:
    made = await tenant(here, "Mohan", 500)
    found = (await here.admin.get(FORECAST, id=f"wal_{made.hex}", months=2))["forecast"]
    february, march = found.pop("months")
    assert found == {
        "time": "2025-02-11T00:00:00Z",
        "availableMinor": 500,
        "dueMinor": 0,
        "locksAt": "2025-03-01T01:00:00Z",
        "horizon": "2027-03-01T01:00:00Z",
        "basis": "Usage goes on at its daily mean since 2025-02, the running month included; of a service that was "
        "priced later, since then.",
        "topUpUntil": 400 + 192 - 500,
        "usage": [
            {
                "service": "EPAPER", "unit": "page", "from": "2025-02-01T00:00:00Z", "until": "2025-02-11T00:00:00Z",
                "quantity": "20", "dailyQuantity": "2",
            }
        ],
    }  # fmt: skip
    first, second = february.pop("lines")
    assert february == {
        "month": "2025-02", "openingMinor": 500, "chargeMinor": 592, "closingMinor": -92,
        "billedAt": "2025-03-01T01:00:00Z", "covered": False, "locksAt": "2025-03-01T01:00:00Z",
    }  # fmt: skip
    assert first == {
        "kind": "USAGE", "service": "EPAPER", "month": "2025-02", "quantity": "40", "usedQuantity": "20",
        "unitPriceMinor": "10", "from": "2025-02-01T00:00:00Z", "until": "2025-02-21T00:00:00Z", "amountMinor": 400,
    }  # fmt: skip
    assert (second["quantity"], second["usedQuantity"], second["amountMinor"]) == ("16", "0", 192)
    assert (march["openingMinor"], march["chargeMinor"], march["closingMinor"]) == (-92, 744, -836)


async def test_what_is_asked_beyond_a_forecasts_reach_is_bad_input_and_a_person_has_none(here: Api) -> None:
    made = f"wal_{(await tenant(here, 'Mohan', 500)).hex}"
    for wrong in ({"months": 0}, {"months": 25}, {"date": "2025-02-11T00:00:00Z"}, {"date": "2027-02-12T00:00:00Z"}):
        assert await here.admin.code(FORECAST, id=made, **wrong) == "BAD_USER_INPUT"
    own = (await here.signed_in.get("{ myWallet { id } }"))["id"]
    assert await here.signed_in.get(FORECAST, id=own) == {"forecast": None}


async def test_the_list_of_risks_goes_on_after_its_cursor(here: Api) -> None:
    later = await tenant(here, "Later", 600)
    soon = [await tenant(here, f"Soon {n}", 500) for n in range(2)]
    yen = await tenant(here, "Yen", 500, currency="JPY")
    await refresh(here.shared.core, [later, *soon, yen])
    page = await here.admin.get(RISKS, first=2, currency="INR")
    assert page["totalCount"] == 3
    assert page["pageInfo"]["hasNextPage"]
    assert [edge["node"]["tenant"]["name"] for edge in page["edges"]] == ["Soon 0", "Soon 1"]
    assert page["edges"][0]["node"] == {
        "locksAt": "2025-03-01T01:00:00Z", "chargeThisMonthMinor": 592, "monthsRemaining": 0.8, "topUpMinor": 92,
        "tenant": {"name": "Soon 0"}, "wallet": {"id": f"wal_{soon[0].hex}"},
    }  # fmt: skip
    following = await here.admin.get(RISKS, first=2, currency="INR", after=page["pageInfo"]["endCursor"])
    assert [edge["node"]["topUpMinor"] for edge in following["edges"]] == [0]
    assert not following["pageInfo"]["hasNextPage"]
    assert (await here.admin.get(RISKS, first=1))["totalCount"] == 4
