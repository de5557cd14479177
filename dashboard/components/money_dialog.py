"""Moving money by hand: type an amount, see what would happen, confirm exactly that, once."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.action import ENTER, UNSURE
from dashboard.components.dialog import Dialog
from dashboard.components.preview import Preview
from dashboard.components.text import Text
from dashboard.format import UnreadableError, parse_amount
from dashboard.session import Visit
from dashboard.shapes.wallets import Wallet, currency_of
from dashboard.words import refusal


@dataclass(frozen=True)
class Kind:
    """One way of moving money. `operation` is the API's for an adjustment, None for a top-up."""

    title: str
    verb: str
    label: str
    operation: str | None
    takes_zero: bool = False

    @property
    def short(self) -> str:
        """What the button says while there is no amount: "Set" where it will be "Set to ₹250.00"."""
        return self.verb.removesuffix(" to")


TOP_UP = Kind("Top up", "Top up", "Amount", None)
ADD = Kind("Add to the balance", "Add", "Amount to add", "ADD")
SUBTRACT = Kind("Subtract from the balance", "Subtract", "Amount to take out", "SUBTRACT")
SET = Kind("Set the balance", "Set to", "New total", "SET", takes_zero=True)


class MoneyDialog:
    """One opening is one operation: its key is made here, and used for every attempt to carry it out."""

    def __init__(self, kind: Kind, visit: Visit, wallet: Callable[[], Wallet]) -> None:
        self.kind = kind
        self.visit = visit
        self.wallet = wallet
        self.currency = currency_of(wallet())
        self.key = uuid.uuid4().hex
        self.asked = 0
        self.previewed: int | None = None
        self.based_on: int | None = None
        self.dialog = Dialog(kind.title, self.confirm)
        self.dialog.verb.show(kind.short)
        with self.dialog.body:
            self.fields()
            self.preview = Preview(self.currency, visit.manner)
        self.dialog.open()

    def fields(self) -> None:
        """Amount and description, and the amount that unlocks where there is one."""
        Text(self.wallet()["owner"]["name"], "t-sub", tag="p")
        self.amount = self.field(self.kind.label, "inputmode=decimal autofocus")
        self.amount.on_value_change(self.ask)
        self.amount.props["prefix"] = self.currency.sign
        missing = self.wallet()["lock"]["unlockAmount"]
        if missing and self.kind.operation in (None, "ADD"):
            with ui.element("button").classes("t-link").props("type=button").on("click", lambda: self.fill(missing)):
                Text(f"{self.visit.manner.money(missing, self.currency)} pays all that is due")
        hint = "Description (optional)" if self.kind.operation is None else "Why is it changed by hand?"
        self.description = self.field(hint, "maxlength=500")
        self.description.on_value_change(self.weigh)

    def field(self, label: str, props: str) -> ui.input:
        """A field that is heard when typing pauses; Enter confirms."""
        field = ui.input(label).props(f"outlined debounce=300 autocomplete=off {props}").classes("t-field")
        field.on("keydown.enter", self.confirm, js_handler=ENTER)
        return field

    def weigh(self) -> None:
        """May be confirmed once there is a preview, and for an adjustment a reason."""
        has_reason = bool((self.description.value or "").strip())
        self.dialog.allow(self.previewed is not None and (self.kind.operation is None or has_reason))

    def fill(self, minor: int) -> None:
        """Types an amount for the person."""
        self.amount.set_value(self.visit.manner.amount(minor, self.currency.exponent))

    async def moved(self) -> None:
        """The wallet has changed while this is open: what was shown is no longer what would happen."""
        if self.dialog.is_open and not self.dialog.busy and self.preview.shown:
            await self.ask()

    async def ask(self) -> None:
        """Asks the API what would happen; nothing is written."""
        self.asked += 1
        question = self.asked
        self.previewed = None
        self.dialog.allow(False)
        if (minor := self.typed()) is None:
            self.preview.clear()
            return
        try:
            result = await self.send(minor, dry_run=True, expected_version=None)
        except ApiError as error:
            if question == self.asked:
                self.fail(error, str(error))
            return
        if question == self.asked and self.dialog.is_open:
            self.answer(result, minor)

    def answer(self, result: dict[str, Any], minor: int) -> None:
        """Shows what would happen, or why it cannot."""
        if result["__typename"] != "MoneyPayload":
            self.preview.clear()
            self.dialog.say(refusal(result, self.currency, self.visit.manner))
            return
        self.dialog.say(None)
        self.previewed, self.based_on = minor, result["basedOnVersion"]
        self.preview.show(result)
        self.dialog.verb.show(f"{self.kind.verb} {self.visit.manner.money(minor, self.currency)}")
        self.weigh()

    def typed(self) -> int | None:
        """The amount in minor units; None, with words where they help, while there is none."""
        self.dialog.verb.show(self.kind.short)
        self.dialog.say(None)
        if not (self.amount.value or "").strip():
            self.amount.error = None
            return None
        try:
            minor = parse_amount(self.amount.value, self.currency)
        except UnreadableError as problem:
            self.amount.error = str(problem)
            return None
        if minor == 0 and not self.kind.takes_zero:
            self.amount.error = "Type more than nothing."
            return None
        self.amount.error = None
        return minor

    async def confirm(self) -> None:
        """Carries out what the preview shows. Pressed twice or tried again, it still happens once."""
        minor = self.previewed
        if self.dialog.busy or not self.dialog.ready or minor is None:
            return
        self.dialog.work(True)
        try:
            result = await self.send(minor, dry_run=False, expected_version=self.based_on)
        except ApiError as error:
            self.dialog.work(False)
            self.fail(error, UNSURE if error.code == "UNAVAILABLE" else str(error))
            return
        self.dialog.work(False)
        await self.conclude(result, minor)

    async def conclude(self, result: dict[str, Any], minor: int) -> None:
        """Done; or refused, and then what would happen now is shown again where that helps."""
        if result["__typename"] == "MoneyPayload":
            self.dialog.close()
            self.announce(result, minor)
            return
        if result["__typename"] == "VersionConflict":
            await self.ask()
        else:
            self.previewed = None
            self.dialog.allow(False)
        self.dialog.say(refusal(result, self.currency, self.visit.manner))

    def announce(self, result: dict[str, Any], minor: int) -> None:
        """Says what was done."""
        numbers = ", ".join(invoice["number"] for invoice in result["settledInvoices"])
        settled = f" Invoice {numbers} is paid." if numbers else ""
        unlocked = " The wallet is unlocked." if any(t["type"] == "UNLOCK" for t in result["transactions"]) else ""
        amount = self.visit.manner.money(minor, self.currency)
        ui.notify(f"{self.kind.title}: {amount}.{settled}{unlocked}", type="positive", position="bottom")

    def fail(self, error: ApiError, words: str) -> None:
        """The API did not answer."""
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
        self.dialog.say(words)

    async def send(self, minor: int, *, dry_run: bool, expected_version: int | None) -> dict[str, Any]:
        """Asks for it, for real or as a dry run."""
        given: dict[str, object] = {
            "walletId": self.wallet()["id"],
            "amountMinor": minor,
            "description": (self.description.value or "").strip(),
            "idempotencyKey": self.key,
            "dryRun": dry_run,
        }
        if self.kind.operation is None:
            answer = await self.visit.api.send("TopUp", input=given)
        else:
            given |= {"operation": self.kind.operation, "expectedVersion": expected_version}
            answer = await self.visit.api.send("AdjustBalance", input=given)
        result: dict[str, Any] = answer["result"]
        return result
