"""What a SUPER_ADMIN decides about an invoice: to collect it before its window ends, or to take it back for good."""

from collections.abc import Awaitable, Callable
from typing import Any

from dashboard.components.fields import text_field
from dashboard.components.money_action import MoneyAction, words_of
from dashboard.components.preview import consequence
from dashboard.components.text import Text
from dashboard.format import month_name
from dashboard.session import Visit
from dashboard.shapes.billing import WholeInvoice
from dashboard.shapes.wallets import WalletLabel

Then = Callable[[], Awaitable[None]]


def label_of(invoice: WholeInvoice) -> WalletLabel:
    """The wallet that it is collected from."""
    tenant = invoice["tenant"]
    wallet = tenant["wallet"]
    return {
        "id": wallet["id"],
        "currency": wallet["currency"],
        "currencyExponent": wallet["currencyExponent"],
        "owner": {"__typename": "Tenant", "id": tenant["id"], "name": tenant["name"]},
    }


class InvoiceAction(MoneyAction):
    """About one invoice; `then` shows the page anew."""

    success = "InvoicePayload"

    def __init__(self, visit: Visit, invoice: WholeInvoice, then: Then) -> None:
        self.invoice = invoice
        self.then = then
        super().__init__(visit, lambda: label_of(invoice))

    def about(self) -> None:
        """Which invoice."""
        of, total = self.invoice, self.money(self.invoice["totalMinor"])
        Text(f"{of['number']} of {of['tenant']['name']} for {month_name(of['month'])}: {total}", "t-sub", tag="p")

    def given(self, reason: str, *, dry_run: bool) -> dict[str, object]:
        """The document's variables."""
        asked = {"invoiceId": self.invoice["id"], "reason": reason, "idempotencyKey": self.key, "dryRun": dry_run}
        return {"input": asked}

    async def done(self, result: dict[str, Any]) -> None:
        """The page shows it."""
        await self.then()


class ApproveInvoice(InvoiceAction):
    """Collects what is held for it."""

    title = "Approve invoice"
    verb = "Approve"
    document = "ApproveInvoice"

    def fields(self) -> None:
        """Why, for those who like to say."""
        self.about()
        self.reason = text_field("Note (optional)", self.weigh, props="maxlength=500")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Nothing has to be typed."""
        return self.given(words_of(self.reason), dry_run=dry_run)

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What is held is taken now."""
        super().outlook(result)
        if ends := self.invoice["finalizesAt"]:
            consequence(f"Collects what is held for it now, instead of on {self.visit.manner.moment(ends)}")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return f"Invoice {self.invoice['number']} is collected."


class VoidInvoice(InvoiceAction):
    """Gives back what it took, held or demanded."""

    title = "Void invoice"
    verb = "Void it"
    document = "VoidInvoice"
    is_dangerous = True

    def fields(self) -> None:
        """Why: the wallet's log keeps it."""
        self.about()
        self.reason = text_field("Why is it void?", self.weigh, props="maxlength=500 autofocus")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """The preview needs no reason."""
        return self.given(words_of(self.reason), dry_run=dry_run)

    def is_whole(self) -> bool:
        """Shown at once, allowed with a reason."""
        return bool(words_of(self.reason))

    def outlook(self, result: dict[str, Any] | None) -> None:
        """The balances, what is given back, what that pays, and what stays."""
        assert result is not None
        super().outlook(result)
        consequence(self.given_back())
        if paid := paid_by_it(self.invoice, result):
            consequence(f"What comes free pays {self.money(paid)} that was due")
        month = month_name(self.invoice["month"])
        self.line(f"Void is final. {month} stays closed: what should have been billed is a line of a later invoice.")

    def given_back(self) -> str:
        """By how it stands."""
        total = self.invoice["totalMinor"]
        if total < 0:
            return f"{self.money(-total)} that it credited is taken back"
        if self.invoice["status"] == "PENDING":
            return f"{self.money(total)} held for it is released"
        if self.invoice["status"] == "DUE":
            return f"{self.money(total)} is due no more"
        return f"{self.money(total)} returns to the wallet"

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return f"Invoice {self.invoice['number']} is void."


def paid_by_it(invoice: WholeInvoice, result: dict[str, Any]) -> int:
    """How much of what was due besides this invoice is collected in the same operation."""
    own: int = invoice["totalMinor"] if invoice["status"] == "DUE" else 0
    before: int = result["wallet"]["lock"]["amountDue"]
    after: int = result["after"]["lock"]["amountDue"]
    return before - after - own
