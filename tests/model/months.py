"""Months in a zone (law 18), found by looking at the zone's clock, quarter by quarter of an hour."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)


def after(month: str) -> str:
    """`2025-12` → `2026-01`."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"


def before(month: str) -> str:
    """`2026-01` → `2025-12`."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


@cache
def start(month: str, zone: str) -> datetime:
    """The first instant at which the zone's clock shows the month: midnight, or the change that skips it."""
    midnight = datetime.fromisoformat(f"{month}-01")
    early = midnight.replace(tzinfo=UTC) - timedelta(hours=26)
    late = next(early + n * QUARTER for n in range(60 * 4) if _shown(early + n * QUARTER, zone) >= midnight)
    early = late - QUARTER
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        early, late = (early, middle) if _shown(middle, zone) >= midnight else (middle, late)
    return late.replace(microsecond=0)


def of(instant: datetime, zone: str) -> str:
    """The month whose start and end are around the instant."""
    month = f"{instant:%Y-%m}"
    while start(month, zone) > instant:
        month = before(month)
    while start(after(month), zone) <= instant:
        month = after(month)
    return month


def _shown(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
