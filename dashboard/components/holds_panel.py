"""Money that is promised: a wallet's holds, newest first, and what ends one."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import ui

from dashboard.components import states
from dashboard.components.chips import Chips
from dashboard.components.data_table import Act, Badge, Column, Row
from dashboard.components.hold_actions import CaptureHold, PlaceHold, ReleaseHold
from dashboard.components.listing import Listing
from dashboard.components.money_action import MoneyAction
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, month_name
from dashboard.session import Visit
from dashboard.shapes.ledger import Hold
from dashboard.shapes.wallets import Wallet, currency_of

COLUMNS: list[Column] = [
    {"name": "what", "label": "Held for", "wide": True},
    {"name": "status", "label": "Status"},
    {"name": "amount", "label": "Amount", "align": "right"},
]
ACTS: Column = {"name": "acts", "label": "Actions", "align": "right"}
CHIPS = {"Open": True, "All": None}
STATUSES = {
    "ACTIVE": ("Open", "info"),
    "CAPTURED": ("Captured", "muted"),
    "RELEASED": ("Released", "muted"),
    "EXPIRED": ("Expired", "muted"),
}
Open = Callable[[Callable[[], MoneyAction]], Awaitable[None]]


class HoldsPanel:
    """A card. `open_dialog` opens an action of the page; `tell` hears what belongs into the address bar."""

    def __init__(
        self,
        visit: Visit,
        wallet: Callable[[], Wallet],
        open_dialog: Open,
        query: Mapping[str, str],
        tell: Callable[[Mapping[str, str]], None],
    ) -> None:
        self.visit = visit
        self.wallet = wallet
        self.open_dialog = open_dialog
        self.tell = tell
        self.chip = "All" if query.get("chip") == "All" else "Open"
        with box("t-card", "section").props("aria-label=Holds"):
            with box("t-card__head"):
                Text("Holds", "t-h2", tag="h2")
                Text("Promised, hence not available", "t-sub")
            with box("t-toolbar"):
                Chips("Which holds", list(CHIPS), self.chip, self.choose)
                box("t-space")
                if visit.may_move_money:
                    self.place()
            self.list: Listing[Hold] = Listing(
                "holds",
                [*COLUMNS, ACTS] if visit.may_move_money else COLUMNS,
                ask=self.ask,
                row=lambda hold: hold_row(hold, currency_of(wallet()), visit.manner, may_end=visit.may_move_money),
                empty=self.explain_emptiness,
                expire=visit.expire,
                act=self.end,
            )

    def place(self) -> ui.element:
        """The button for another one."""
        open_it = lambda: self.open_dialog(lambda: PlaceHold(self.visit, self.wallet))  # noqa: E731 - heard once
        with box("t-btn t-btn--small", "button").props("type=button").on("click", open_it) as button:
            Text("Place a hold")
        return button

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of them."""
        answer = await self.visit.api.send(
            "WalletHolds", id=self.wallet()["id"], first=first, after=after, active=CHIPS[self.chip]
        )
        return answer["wallet"]["holds"]

    async def choose(self, chip: str) -> None:
        """The open ones, or all."""
        self.chip = chip
        self.tell({"chip": chip} if chip != "Open" else {})
        await self.list.start_over()

    async def refresh(self) -> None:
        """The page that is looked at, anew; the first where that one is empty by now."""
        if await self.list.load() and not self.list.items and len(self.list.cursors) > 1:
            await self.list.start_over()

    async def end(self, hold_id: str, name: str) -> None:
        """Takes it or lets it go."""
        hold = next((hold for hold in self.list.items if hold["id"] == hold_id), None)
        if hold is not None:
            made = CaptureHold if name == "capture" else ReleaseHold
            await self.open_dialog(lambda: made(self.visit, self.wallet, hold))

    def explain_emptiness(self) -> None:
        """Nothing is held."""
        if self.chip == "Open":
            states.empty("Nothing is held", "A hold sets money aside until it is taken, let go, or expires.")
        else:
            states.empty("Nothing was ever held", "A hold sets money aside until it is taken, let go, or expires.")


def hold_row(hold: Hold, currency: Currency, manner: Manner, *, may_end: bool) -> Row:
    """What for, until when, how much, and what can be done to it."""
    word, tone = STATUSES[hold["status"]]
    badge: Badge = {"text": word, "tone": tone}
    taken = f"{manner.money(hold['capturedMinor'], currency)} taken" if hold["status"] == "CAPTURED" else ""
    row: Row = {
        "id": hold["id"],
        "cells": {
            "what": {"text": purpose(hold), "sub": lasts(hold, manner)},
            "status": {"text": "", "badges": [badge]},
            "amount": {"text": manner.money(hold["amountMinor"], currency), "tone": "strong", "sub": taken},
        },
    }
    if may_end and hold["status"] == "ACTIVE" and not hold["invoice"]:
        about = f"the hold of {manner.money(hold['amountMinor'], currency)}: {purpose(hold)}"
        acts: list[Act] = [
            {"name": "capture", "words": "Capture", "label": f"Capture {about}"},
            {"name": "release", "words": "Release", "label": f"Release {about}"},
        ]
        row["cells"]["acts"] = {"text": "", "acts": acts}
    return row


def purpose(hold: Hold) -> str:
    """What it is for."""
    invoice = hold["invoice"]
    return f"Invoice {invoice['number']}" if invoice else hold["description"] or "No reason given"


def lasts(hold: Hold, manner: Manner) -> str:
    """From when, until when; an invoice's until its invoice is collected."""
    since = f"since {manner.moment(hold['createdAt'])}"
    if hold["status"] != "ACTIVE":
        return since
    ends = f"expires {manner.moment(hold['expiresAt'])}" if hold["expiresAt"] else "until it is collected"
    return f"{month_name(hold['invoice']['month'])}, {ends}" if hold["invoice"] else f"{since}, {ends}"
