"""A transfer by hand from this wallet to another one, with what becomes of both."""

from typing import Any

from dashboard.components.fields import amount_field, text_field
from dashboard.components.money_action import MoneyAction, amount_of, words_of
from dashboard.components.sides import both_sides
from dashboard.components.text import Text
from dashboard.components.wallet_picker import WalletPicker


class Transfer(MoneyAction):
    """Between two wallets of one currency."""

    title = "Transfer"
    verb = "Transfer"
    document = "Transfer"

    def fields(self) -> None:
        """To whom, how much, and why."""
        Text(f"From {self.wallet()['owner']['name']}", "t-sub", tag="p")
        self.target()
        self.to.field.props("autofocus")

    def target(self) -> None:
        """What is asked once it is known whose money it is."""
        label = "To: name, phone or wallet id"
        self.to = WalletPicker(label, self.visit, self.currency, self.ask, but=self.wallet()["id"])
        self.amount = amount_field("Amount", self.currency.sign, self.ask)
        self.description = text_field("Description (optional)", self.weigh, props="maxlength=500")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """None until somebody is picked."""
        minor = amount_of(self.amount, self)
        if minor is None or self.to.picked is None:
            return None
        given: dict[str, object] = {
            "fromWalletId": self.wallet()["id"],
            "toWalletId": self.to.picked["id"],
            "amountMinor": minor,
            "description": words_of(self.description),
            "idempotencyKey": self.key,
            "dryRun": dry_run,
        }
        return {"input": given}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """Both wallets, before and after."""
        assert result is not None
        both_sides(result, self.currency, self.visit.manner)

    def announce(self, result: dict[str, Any]) -> str:
        """How much went to whom."""
        moved = result["transactions"][0]
        name = self.to.picked["owner"]["name"] if self.to.picked else "another wallet"
        return f"{self.money(abs(moved['amountMinor']))} went to {name}."
