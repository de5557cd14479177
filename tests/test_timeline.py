"""What follows from where the stretches of a timeline begin: laws 2 and 12."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from domain.pricing import Price, PriceModel, PriceStatus, charge, in_force, stretches
from tests.world import at

FEBRUARY, APRIL, MAY = at("2025-02-01"), at("2025-04-01"), at("2025-05-01")
INSTANT = timedelta(microseconds=1)


def price(since: datetime, minor: str = "1", service: str = "EPAPER") -> Price:
    return Price(uuid4(), uuid4(), service, "page", PriceModel.PER_UNIT, Decimal(minor), since, since)


TIMELINE = stretches([price(MAY, "3"), price(FEBRUARY, "1"), price(APRIL, "2"), price(FEBRUARY, "9", "SMS")])


@pytest.mark.parametrize(
    ("now", "statuses", "minor"),
    [
        (FEBRUARY - INSTANT, ["SCHEDULED", "SCHEDULED", "SCHEDULED"], None),
        (FEBRUARY, ["ACTIVE", "SCHEDULED", "SCHEDULED"], "1"),
        (FEBRUARY + INSTANT, ["ACTIVE", "SCHEDULED", "SCHEDULED"], "1"),
        (APRIL - INSTANT, ["ACTIVE", "SCHEDULED", "SCHEDULED"], "1"),
        (APRIL, ["EXPIRED", "ACTIVE", "SCHEDULED"], "2"),
        (MAY - INSTANT, ["EXPIRED", "ACTIVE", "SCHEDULED"], "2"),
        (MAY, ["EXPIRED", "EXPIRED", "ACTIVE"], "3"),
        (MAY + timedelta(days=9_999), ["EXPIRED", "EXPIRED", "ACTIVE"], "3"),
    ],
)
def test_end_status_and_the_price_in_force_follow_from_the_clock(
    now: datetime, statuses: list[str], minor: str | None
) -> None:
    ours = [stretch for stretch in TIMELINE if stretch.price.service == "EPAPER"]
    assert [stretch.until for stretch in ours] == [APRIL, MAY, None]
    assert [stretch.status(now) for stretch in ours] == [PriceStatus(status) for status in statuses]
    found = in_force(TIMELINE, "EPAPER", now)
    assert (found and found.unit_price) == (Decimal(minor) if minor else None)


def test_each_service_has_its_own_timeline() -> None:
    assert [(s.price.service, s.until) for s in TIMELINE] == [
        ("EPAPER", APRIL), ("EPAPER", MAY), ("EPAPER", None), ("SMS", None)
    ]  # fmt: skip
    assert in_force(TIMELINE, "FAX", MAY) is None
    assert stretches([]) == []


@pytest.mark.parametrize(
    ("quantity", "minor", "charged"),
    [("18", "200000", 3_600_000), ("0.5", "1", 1), ("0.499999", "1", 0), ("-0.5", "1", -1), ("3", "0.333333333333", 1),
     ("0", "5", 0), ("7", "0", 0), ("1000000000000000", "0.000000000001", 1_000), ("10", "0.25", 3)],
)  # fmt: skip
def test_a_quantity_costs_its_exact_price_rounded_once(quantity: str, minor: str, charged: int) -> None:
    assert charge(price(FEBRUARY, minor), Decimal(quantity)) == charged
