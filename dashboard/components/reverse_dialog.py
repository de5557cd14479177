"""Mending a mistake: a transaction is taken back by one that names it, or the words beside it are erased."""

from collections.abc import Awaitable, Callable
from typing import Any

from dashboard.components.action import Action
from dashboard.components.fields import amount_field, check_field, text_field
from dashboard.components.money_action import MoneyAction, amount_of, words_of
from dashboard.components.sides import both_sides
from dashboard.components.text import Text
from dashboard.lines import line_title
from dashboard.session import Visit
from dashboard.shapes.operations import OperationLine

CHARGE_BACK = "Charge-back: invoices that this top-up paid fall due again, and the wallet locks"


class Reverse(MoneyAction):
    """Of a transfer both sides."""

    title = "Reverse"
    verb = "Reverse"
    document = "ReverseTransaction"
    is_dangerous = True

    def __init__(self, visit: Visit, line: OperationLine, then: Callable[[], Awaitable[None]]) -> None:
        self.of = line
        self.then = then
        super().__init__(visit, lambda: line["wallet"])

    def fields(self) -> None:
        """How much of what is left, and why."""
        left = self.of["reversibleMinor"]
        whole = abs(self.of["amountMinor"])
        what = line_title(self.of, self.currency, self.visit.manner)
        part = f", {self.money(left)} of it left to reverse" if left < whole else ""
        Text(f"{what}: {self.money(whole)}{part}", "t-sub", tag="p")
        self.amount = amount_field("Amount", self.currency.sign, self.ask, value=self.typed(left))
        self.reason = text_field("Why is it reversed?", self.ask, props="maxlength=500 autofocus")
        is_top_up = self.of["reason"] == "TOP_UP"
        self.charge_back = check_field(CHARGE_BACK, self.ask) if is_top_up else None

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """The amount as it is typed; done only with a reason."""
        minor = amount_of(self.amount, self)
        if minor is None or not words_of(self.reason):
            return None
        given: dict[str, object] = {
            "transactionId": self.of["id"],
            "amountMinor": minor,
            "description": words_of(self.reason),
            "reopenInvoices": bool(self.charge_back and self.charge_back.value),
            "idempotencyKey": self.key,
            "dryRun": dry_run,
        }
        return {"input": given}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """The balances of every wallet that it touches, and what falls due again."""
        assert result is not None
        both_sides(result, self.currency, self.visit.manner)

    def announce(self, result: dict[str, Any]) -> str:
        """How much was taken back."""
        return f"{self.money(amount_of(self.amount, self) or 0)} was reversed."

    async def done(self, result: dict[str, Any]) -> None:
        """The page shows it."""
        await self.then()


class EraseDescription(Action):
    """The words beside an operation's lines, for good."""

    title = "Erase the description"
    verb = "Erase"
    document = "EraseDescription"
    success = "ErasurePayload"
    is_dangerous = True

    def __init__(self, visit: Visit, line: OperationLine, then: Callable[[], Awaitable[None]]) -> None:
        self.of = line
        self.then = then
        super().__init__(visit)

    def fields(self) -> None:
        """Why it has to go."""
        Text(f"“{self.of['description']}”", "t-sub", tag="p")
        self.reason = text_field(
            "Why is it erased? This is kept in the audit.", self.ask, props="autofocus maxlength=500"
        )

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """None without a reason."""
        if not words_of(self.reason):
            return None
        return {"transactionId": self.of["id"], "reason": words_of(self.reason), "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What goes, and what stays."""
        self.line("These words go from every line of this operation, for good: nobody can bring them back.", "warn")
        self.line("Figures, dates and the log's hashes stay as they are, and it can still be verified.")

    def announce(self, result: dict[str, Any]) -> str:
        """That they are gone."""
        return "The description is erased."

    async def done(self, result: dict[str, Any]) -> None:
        """The page shows it."""
        await self.then()
