"""What the first page draws: heights in whole parts of a scale, so that no amount becomes a float."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from dashboard.format import MONTHS, Currency, Manner, month_name
from dashboard.overview_words import minor_of, month_before
from dashboard.shapes.overview import DayBalance, ServiceCharge

SCALE = 10_000
"""A drawing is so many units high."""
TICKS = 4
MONTHS_SHOWN = 6
MOST_SERVICES = 5
OTHERS = "Other services"


class Tick(TypedDict):
    """A line across the drawing."""

    height: int
    label: str


class Day(TypedDict):
    """A day's end: which day it was since the first one, and how high."""

    at: int
    day: str
    label: str
    height: int


class Part(TypedDict):
    """A service's part of a month's bar, from where to where; which of the series it is of."""

    series: int
    label: str
    start: int
    end: int


class Bar(TypedDict):
    """A month."""

    id: str
    month: str
    short: str
    total: str
    parts: list[Part]


class Series(TypedDict):
    """A service, or all others together; what it comes to in the running month."""

    name: str
    figure: str


def days(history: Sequence[DayBalance], currency: Currency, manner: Manner) -> tuple[list[Day], list[Tick]]:
    """What was held at the ends of days."""
    totals = [minor_of(one["totalMinor"]) for one in history]
    ticks = value_ticks(max(totals, default=0), currency.exponent)
    first = date.fromisoformat(history[0]["day"]) if history else None
    drawn: list[Day] = []
    for one, total in zip(history, totals, strict=True):
        day = date.fromisoformat(one["day"])
        assert first is not None
        drawn.append(
            {
                "at": (day - first).days,
                "day": manner.date(day),
                "label": manner.money(total, currency),
                "height": total * SCALE // ticks[-1],
            }
        )
    return drawn, shown_ticks(ticks, currency, manner)


def bars(
    charges: Sequence[ServiceCharge], month: str, currency: Currency, manner: Manner
) -> tuple[list[Bar], list[Series], list[Tick]]:
    """The running month and those before it; the services that cost most, by name, then all others together."""
    months = last_months(month)
    names = services(charges)
    of = {(one, name): 0 for one in months for name in names}
    for charge in charges:
        name = charge["service"] if charge["service"] in names else OTHERS
        if (charge["month"], name) in of:
            of[charge["month"], name] += minor_of(charge["chargeMinor"])
    ticks = value_ticks(max(sum(max(of[one, name], 0) for name in names) for one in months), currency.exponent)
    series: list[Series] = [{"name": name, "figure": manner.money(of[month, name], currency)} for name in names]
    drawn = [bar(one, [of[one, name] for name in names], ticks[-1], currency, manner) for one in months]
    return drawn, series, shown_ticks(ticks, currency, manner)


def bar(month: str, amounts: Sequence[int], top: int, currency: Currency, manner: Manner) -> Bar:
    """A month's services, one on top of the other; a correction below zero is told and not drawn."""
    parts: list[Part] = []
    below = 0
    for place, minor in enumerate(amounts):
        above = below + max(minor, 0)
        if minor:
            start, end = below * SCALE // top, above * SCALE // top
            parts.append({"series": place, "label": manner.money(minor, currency), "start": start, "end": end})
        below = above
    total = manner.money(sum(amounts), currency)
    return {
        "id": month,
        "month": month_name(month),
        "short": MONTHS[int(month[5:]) - 1],
        "total": total,
        "parts": parts,
    }


def services(charges: Sequence[ServiceCharge]) -> list[str]:
    """Those that cost most, in the order of their names, so that a colour stays with its service."""
    totals: dict[str, int] = {}
    for charge in charges:
        totals[charge["service"]] = totals.get(charge["service"], 0) + minor_of(charge["chargeMinor"])
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    named = sorted(ranked[:MOST_SERVICES])
    return [*named, OTHERS] if len(ranked) > MOST_SERVICES else named


def last_months(month: str) -> list[str]:
    """Up to this one, oldest first."""
    months = [month]
    while len(months) < MONTHS_SHOWN:
        months.insert(0, month_before(months[0]))
    return months


def shown_ticks(ticks: Sequence[int], currency: Currency, manner: Manner) -> list[Tick]:
    """Round amounts with the heights that they are at."""
    return [{"height": one * SCALE // ticks[-1], "label": axis_label(one, currency, manner)} for one in ticks]


def axis_label(minor: int, currency: Currency, manner: Manner) -> str:
    """An amount at an axis, without idle decimals."""
    return manner.money(minor, currency).removesuffix("." + "0" * currency.exponent)


def value_ticks(highest: int, exponent: int) -> list[int]:
    """Round amounts from zero to just above the highest."""
    least = -(-highest // TICKS)
    step = 10**exponent
    while step < least:
        step = next_round(step)
    return list(range(0, max(highest, step) + step, step))[: TICKS + 1]


def next_round(step: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50 …"""
    return step * 5 // 2 if str(step).startswith("2") else step * 2
