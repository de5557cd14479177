"""The pricing timeline on a time axis: a lane for each service, its stretches past, active and scheduled."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from typing import TypedDict

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from dashboard.format import Currency, Manner, at
from dashboard.prices import RULES, Step, labels, steps
from dashboard.shapes.pricing import Price

STATUS = {"EXPIRED": "Past", "ACTIVE": "Active", "SCHEDULED": "Scheduled"}
FOLLOW, CHANGE, CANCEL = "Next price", "Change", "Cancel"
# What is past is history; what is in force may be cancelled only while no usage depends on it, which the API knows.
ACTS = {"EXPIRED": [], "ACTIVE": [FOLLOW, CANCEL], "SCHEDULED": [CHANGE, CANCEL]}
Act = Callable[[str, str], Awaitable[None]]
"""Hears of a price's id and of what is to be done with it."""


class Stretch(TypedDict):
    """A price and how long it holds; `until` is None while nothing follows. Of its labels the fullest comes first."""

    id: str
    begins: int
    until: int | None
    labels: list[str]
    rule: str
    steps: list[Step]
    status: str
    period: str
    acts: list[str]


class Lane(TypedDict):
    """A service and its stretches, oldest first."""

    service: str
    stretches: list[Stretch]


class PriceTimeline(Element, component="price_timeline.js"):
    """Drawing and list in one: what does not fit on the drawing is read below it."""

    def __init__(self, act: Act | None = None) -> None:
        async def heard(event: GenericEventArguments) -> None:
            if act is not None:
                await act(event.args["id"], event.args["act"])

        super().__init__()
        self._props["lanes"] = []
        self._props["acting"] = act is not None
        self.on("act", heard)

    def show(self, prices: Sequence[Price], currency: Currency, manner: Manner) -> None:
        """Draws these stretches."""
        ordered = sorted(prices, key=lambda price: (price["service"], at(price["effectiveFrom"])))
        lanes: list[Lane] = [
            {"service": service, "stretches": [as_stretch(price, currency, manner) for price in stretches]}
            for service, stretches in groupby(ordered, key=lambda price: price["service"])
        ]
        if lanes != self._props["lanes"]:
            self._props["lanes"] = lanes
            self.update()


def as_stretch(price: Price, currency: Currency, manner: Manner) -> Stretch:
    """One stretch, in words and instants."""
    begins, until = price["effectiveFrom"], price["effectiveUntil"]
    return {
        "id": price["id"],
        "begins": milliseconds(begins),
        "until": milliseconds(until) if until else None,
        "labels": labels(price, currency, manner),
        "rule": RULES.get(price["model"], ""),
        "steps": steps(price, currency, manner),
        "status": STATUS[price["status"]],
        "period": f"{manner.day(begins)} – {manner.day(until)}" if until else f"From {manner.day(begins)}",
        "acts": ACTS[price["status"]],
    }


def milliseconds(instant: str) -> int:
    """An instant as a browser counts it."""
    return int(at(instant).timestamp() * 1000)
