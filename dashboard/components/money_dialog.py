"""Moving money by hand: type an amount, see what would happen, confirm exactly that, once."""

from collections.abc import Callable
from typing import Any, ClassVar

from dashboard.components.fields import amount_field, text_field
from dashboard.components.money_action import MoneyAction, amount_of, words_of
from dashboard.components.text import Text, box
from dashboard.session import Visit
from dashboard.shapes.wallets import Wallet


class TopUp(MoneyAction):
    """Money comes in."""

    title = "Top up"
    verb = "Top up"
    document = "TopUp"
    label: ClassVar[str] = "Amount"
    about: ClassVar[str] = "Description (optional)"
    takes_zero: ClassVar[bool] = False
    pays: ClassVar[bool] = True
    """Whether what is due can be typed by a click."""

    def __init__(self, visit: Visit, wallet: Callable[[], Wallet], minor: int | None = None) -> None:
        self.minor = minor
        self.due = wallet()["lock"]["unlockAmount"]
        super().__init__(visit, wallet)

    def fields(self) -> None:
        """Amount and description, and the amount that unlocks where there is one."""
        Text(self.wallet()["owner"]["name"], "t-sub", tag="p")
        typed = self.typed(self.minor) if self.minor is not None else ""
        self.amount = amount_field(self.label, self.currency.sign, self.ask, value=typed, props="autofocus")
        if self.due and self.pays:
            with box("t-link", "button").props("type=button").on("click", self.fill_in_due):
                Text(f"{self.money(self.due)} pays all that is due")
        self.description = text_field(self.about, self.weigh, props="maxlength=500")

    def fill_in_due(self) -> None:
        """Types it for the person."""
        self.amount.set_value(self.typed(self.due))

    def asked_for(self) -> int | None:
        """The amount that is typed, in minor units."""
        return amount_of(self.amount, self, takes_zero=self.takes_zero)

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Once there is an amount."""
        if (minor := self.asked_for()) is None:
            return None
        given: dict[str, object] = {
            "walletId": self.wallet()["id"],
            "amountMinor": minor,
            "description": words_of(self.description),
            "idempotencyKey": self.key,
            "dryRun": dry_run,
        }
        return {"input": given}

    def hint(self) -> None:
        """Without an amount the button says no more than what it does: "Set" where it will be "Set to ₹250.00"."""
        self.dialog.verb.show(self.verb.removesuffix(" to"))
        super().hint()

    def outlook(self, result: dict[str, Any] | None) -> None:
        """The balances before and after; the button names the amount."""
        super().outlook(result)
        self.dialog.verb.show(f"{self.verb} {self.money(self.asked_for() or 0)}")

    def announce(self, result: dict[str, Any]) -> str:
        """What was done, and what followed from it."""
        numbers = ", ".join(invoice["number"] for invoice in result["settledInvoices"])
        settled = f" Invoice {numbers} is paid." if numbers else ""
        unlocked = " The wallet is unlocked." if any(t["type"] == "UNLOCK" for t in result["transactions"]) else ""
        return f"{self.title}: {self.money(self.asked_for() or 0)}.{settled}{unlocked}"


class Adjustment(TopUp):
    """By hand, with a reason. It confirms exactly the state that its preview was made on."""

    document = "AdjustBalance"
    about = "Why is it changed by hand?"
    pays = False
    operation: ClassVar[str]
    """The API's."""
    based_on: int | None = None

    def is_whole(self) -> bool:
        """With a reason."""
        return bool(words_of(self.description))

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """A preview is of the wallet as it is now, whatever that is."""
        if (given := super().variables(dry_run=dry_run)) is None:
            return None
        expected = None if dry_run else self.based_on
        asked: Any = given["input"]
        return {"input": {**asked, "operation": self.operation, "expectedVersion": expected}}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """Remembers what it is of."""
        super().outlook(result)
        self.based_on = result["basedOnVersion"] if result else None


class Add(Adjustment):
    """More."""

    title = "Add to the balance"
    verb = "Add"
    label = "Amount to add"
    operation = "ADD"
    pays = True


class Subtract(Adjustment):
    """Less."""

    title = "Subtract from the balance"
    verb = "Subtract"
    label = "Amount to take out"
    operation = "SUBTRACT"


class SetTotal(Adjustment):
    """Exactly so much."""

    title = "Set the balance"
    verb = "Set to"
    label = "New total"
    operation = "SET"
    takes_zero = True
