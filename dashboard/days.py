"""Calendar days of the viewer's own zone as the instants between which they lie."""

from datetime import date, datetime, time, timedelta

from dashboard.format import Manner

# The finest step of the API's clock: what happens at a day's first instant belongs to that day.
MOMENT = timedelta(microseconds=1)


def begins(day: str, manner: Manner) -> str | None:
    """The first instant of a day such as "2025-04-01"; None where it names none."""
    return _midnight(day, manner, timedelta(0))


def ends(day: str, manner: Manner) -> str | None:
    """The first instant after it."""
    return _midnight(day, manner, timedelta(days=1))


def just_before(instant: str) -> str:
    """The last instant before one."""
    return (datetime.fromisoformat(instant.replace("Z", "+00:00")) - MOMENT).isoformat()


def _midnight(day: str, manner: Manner, later: timedelta) -> str | None:
    try:
        return datetime.combine(date.fromisoformat(day) + later, time.min, manner.zone).isoformat()
    except (ValueError, OverflowError):
        return None
