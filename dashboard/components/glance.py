"""All wallets of a currency in five figures that change in place."""

from dataclasses import dataclass

from nicegui import ui

from dashboard.components.live_value import LiveValue
from dashboard.components.text import Text, box
from dashboard.format import Manner, month_name
from dashboard.overview_words import charge_note, counted, minor_of, percent
from dashboard.shapes.overview import Overview, currency_of

WHOLE = 100


@dataclass(frozen=True)
class Figure:
    """A figure with its name above and a note below."""

    card: ui.element
    name: Text
    value: LiveValue
    note: Text
    link: ui.element | None


class Glance:
    """Held, available, due, locked, and what the month has cost so far."""

    def __init__(self) -> None:
        with box("t-card t-glance", "section").props('aria-label="At a glance"'):
            self.held = figure("Prepaid held", "t-figure--main")
            self.available = figure("Available")
            self.due = figure("Due", is_link=True)
            self.locked = figure("Locked accounts", is_link=True)
            self.charge = figure("Charged")
            with self.charge.card, box("t-pace").props("aria-hidden=true"):
                self.pace = box("t-pace__part")

    def show(self, overview: Overview, manner: Manner, *, quietly: bool) -> None:
        """Puts the figures in; quietly where they are of another currency than those before."""
        currency, locked = currency_of(overview), minor_of(overview["lockedMinor"])
        owing = counted(overview["dueWallets"], "account owes it", "accounts owe it")
        self.charge.name.show(f"Charged in {month_name(overview['month'])}")
        for figure, text, words in (
            (self.held, overview["totalMinor"], f"in {counted(overview['wallets'], 'wallet', 'wallets')}"),
            (self.available, overview["availableMinor"], f"{manner.money(locked, currency)} is held"),
            (self.due, overview["dueMinor"], owing if overview["dueWallets"] else "Nobody owes anything"),
            (self.charge, overview["chargeThisMonthMinor"], charge_note(overview, manner)),
        ):
            figure.value.show(manner.money(minor_of(text), currency), quietly=quietly)
            figure.note.show(words)
        self.locked.value.show(f"{overview['lockedWallets']:,}", quietly=quietly)
        self.locked.note.show(f"of {overview['wallets']:,}")
        lead(self.due, "Due", currency.code)
        lead(self.locked, "Locked", currency.code)
        self.pace.style(f"width: {min(percent(overview), WHOLE)}%")


def figure(label: str, classes: str = "", *, is_link: bool = False) -> Figure:
    """One figure; its note may lead to those that it counts."""
    with box(f"t-figure {classes}") as card:
        name = Text(label, "t-figure__label")
        value = LiveValue("", "t-figure__value")
        link = box("t-figure__note", "a") if is_link else None
        if link is None:
            return Figure(card, name, value, Text("", "t-figure__note"), None)
        with link:
            return Figure(card, name, value, Text(""), link)


def lead(shown: Figure, chip: str, code: str) -> None:
    """To the wallets that it counts."""
    path = f"/wallet?chip={chip}&currency={code}"
    if shown.link is not None and shown.link.props.get("href") != path:
        shown.link.props["href"] = path
        shown.link.update()
