"""What the server bills by itself, and when: a pure function of a tenant's zone, its delay and the clock."""

from datetime import date, datetime, timedelta

from domain.billing import bills_at, month_of, next_month, previous_month


def newest_due(zone: str, delay_hours: int, now: datetime) -> date:
    """The newest month that tenants of this zone and delay are billed for by now."""
    month = month_of(now - timedelta(hours=delay_hours), zone)  # a clock set back at midnight has two of them
    while bills_at(month, zone, delay_hours) > now:
        month = previous_month(month)
    return month


def first_open(newest_closed: date | None, created_at: datetime, first_used: date | None, zone: str) -> date:
    """A tenant's oldest month that is not closed: it begins with the one in which it was made, or was used before."""
    if newest_closed is not None:
        return next_month(newest_closed)
    made = month_of(created_at, zone)
    return min(made, first_used or made)
