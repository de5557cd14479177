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

    box: ui.element
    name: Text
    value: LiveValue
    note: Text


class Glance:
    """Held, available, due, locked, and what the month has cost so far."""

    def __init__(self) -> None:
        with box("t-card t-glance", "section").props('aria-label="At a glance"'):
            self.held = figure("Prepaid held", "t-figure--main")
            self.available = figure("Available")
            self.due = figure("Due", path="/wallet?chip=Due")
            self.locked = figure("Locked accounts", path="/wallet?chip=Locked")
            self.charge = figure("Charged")
            with self.charge.box, box("t-pace").props("aria-hidden=true"):
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
        self.pace.style(f"width: {min(percent(overview), WHOLE)}%")


def figure(label: str, classes: str = "", *, path: str = "") -> Figure:
    """One figure; its note may lead to those that it counts."""
    with box(f"t-figure {classes}") as card:
        name = Text(label, "t-figure__label")
        value = LiveValue("", "t-figure__value")
        if path:
            with box("t-figure__note", "a").props(f"href={path}"):
                note = Text("")
        else:
            note = Text("", "t-figure__note")
    return Figure(card, name, value, note)
