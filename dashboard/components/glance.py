"""All wallets of a currency in five figures that change in place."""

from dashboard.address import address
from dashboard.components.figure import Figure
from dashboard.components.text import box
from dashboard.counting import counted
from dashboard.format import Manner, month_name
from dashboard.overview_words import charge_note, minor_of, percent
from dashboard.shapes.overview import Overview, currency_of

WHOLE = 100


class Glance:
    """Held, available, due, locked, and what the month has cost so far."""

    def __init__(self) -> None:
        with box("t-card t-glance", "section").props('aria-label="At a glance"'):
            self.held = Figure("Prepaid held", main=True)
            self.available = Figure("Available")
            self.due = Figure("Due", leads=True)
            self.locked = Figure("Locked accounts", leads=True)
            self.charge = Figure("Charged")
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
            figure.show(manner.money(minor_of(text), currency), words, quietly=quietly)
        self.locked.show(f"{overview['lockedWallets']:,}", f"of {overview['wallets']:,}", quietly=quietly)
        self.due.lead(address("/wallet", {"chip": "Due", "currency": currency.code}))
        self.locked.lead(address("/wallet", {"chip": "Locked", "currency": currency.code}))
        self.pace.style(f"width: {min(percent(overview), WHOLE)}%")
