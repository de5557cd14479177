"""Holds by hand: promise an amount, take what was promised, or let it go."""

from collections.abc import Callable
from typing import Any

from dashboard.components.fields import amount_field, choice_field, text_field
from dashboard.components.money_action import MoneyAction, amount_of, words_of
from dashboard.components.preview import consequence
from dashboard.components.text import Text
from dashboard.session import Visit
from dashboard.shapes.ledger import Hold
from dashboard.shapes.wallets import Wallet

LENGTHS = {"3600": "1 hour", "86400": "1 day", "604800": "7 days", "2592000": "30 days"}
A_DAY = "86400"


class PlaceHold(MoneyAction):
    """Moves money from available to locked."""

    title = "Place a hold"
    verb = "Place hold"
    document = "PlaceHold"
    success = "HoldPayload"

    def fields(self) -> None:
        """How much, what for, how long."""
        Text(self.wallet()["owner"]["name"], "t-sub", tag="p")
        self.amount = amount_field("Amount to hold", self.currency.sign, self.ask, props="autofocus")
        self.description = text_field("What is it for?", self.weigh, props="maxlength=500")
        self.length = choice_field("Expires after", LENGTHS, self.ask, value=A_DAY)

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """For so long from now."""
        minor = amount_of(self.amount, self)
        if minor is None:
            return None
        given: dict[str, object] = {
            "walletId": self.wallet()["id"],
            "amountMinor": minor,
            "description": words_of(self.description),
            "expiresInSeconds": int(self.length.value),
            "idempotencyKey": self.key,
            "dryRun": dry_run,
        }
        return {"input": given}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """And until when."""
        assert result is not None
        super().outlook(result)
        consequence(f"Expires {self.visit.manner.moment(result['hold']['expiresAt'])}, unless taken or let go before")

    def announce(self, result: dict[str, Any]) -> str:
        """How much is held, until when."""
        hold = result["hold"]
        return f"{self.money(hold['amountMinor'])} is held until {self.visit.manner.moment(hold['expiresAt'])}."


class EndHold(MoneyAction):
    """What is done to a hold that is there."""

    def __init__(self, visit: Visit, wallet: Callable[[], Wallet], hold: Hold) -> None:
        self.hold = hold
        super().__init__(visit, wallet)

    def named(self) -> None:
        """Which hold it is about."""
        about = self.hold["description"] or "No reason given"
        Text(f"{self.money(self.hold['amountMinor'])} held: {about}", "t-sub", tag="p")


class CaptureHold(EndHold):
    """Takes all or a part; the rest is let go."""

    title = "Capture a hold"
    verb = "Capture"
    document = "CaptureHold"

    def fields(self) -> None:
        """How much of it, and why."""
        self.named()
        held = self.typed(self.hold["amountMinor"])
        self.amount = amount_field("Amount to take", self.currency.sign, self.ask, value=held, props="autofocus")
        self.description = text_field("Description (optional)", self.weigh, props="maxlength=500")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """The amount as it is typed, also where it is all."""
        minor = amount_of(self.amount, self)
        if minor is None:
            return None
        given: dict[str, object] = {
            "holdId": self.hold["id"],
            "amountMinor": minor,
            "description": words_of(self.description),
            "idempotencyKey": self.key,
            "dryRun": dry_run,
        }
        return {"input": given}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """And what is let go."""
        super().outlook(result)
        taken = amount_of(self.amount, self) or 0
        rest = self.hold["amountMinor"] - taken
        released = f", {self.money(rest)} becomes available again" if rest else ""
        consequence(f"{self.money(taken)} is taken{released}")

    def announce(self, result: dict[str, Any]) -> str:
        """How much was taken."""
        return f"{self.money(amount_of(self.amount, self) or 0)} was captured."


class ReleaseHold(EndHold):
    """Lets all of it go."""

    title = "Release a hold"
    verb = "Release"
    document = "ReleaseHold"

    def fields(self) -> None:
        """Nothing to say."""
        self.named()

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Only which."""
        return {"input": {"holdId": self.hold["id"], "idempotencyKey": self.key, "dryRun": dry_run}}

    def announce(self, result: dict[str, Any]) -> str:
        """How much is available again."""
        return f"{self.money(self.hold['amountMinor'])} is available again."
