"""Billing a month: for all tenants or one, with a dry run's figures first."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from dashboard.billing_words import run_sums
from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.action import Action
from dashboard.components.fields import choice_field
from dashboard.components.preview import consequence
from dashboard.components.tenant_picker import TenantPicker
from dashboard.components.text import Text, box
from dashboard.counting import counted
from dashboard.currencies import Currencies
from dashboard.format import Currency, month_name
from dashboard.session import Visit
from dashboard.shapes.billing import BillingFailure, BillingRun, TenantName

ALL, ONE = "all", "one"
NAMED = 5


class RunBilling(Action):
    """Repeating it changes nothing, so that a second press or another try bills nobody twice."""

    title = "Run billing"
    verb = "Run billing"
    document = "RunBilling"
    success = "BillingPayload"
    patience_seconds = 120

    def __init__(self, visit: Visit, month: str, tenant: TenantName | None = None) -> None:
        self.month = month
        self.tenant = tenant
        self.currencies = Currencies()
        super().__init__(visit)

    def fields(self) -> None:
        """Whom; some of those whom a run could not bill are named beforehand."""
        whose = f" of {self.tenant['name']}" if self.tenant else ""
        Text(f"Closes {month_name(self.month)}{whose}, and first the earlier months that are open still.", "t-sub")
        if self.tenant is None:
            self.whose = choice_field("For", {ALL: "All tenants", ONE: "One tenant"}, self.turn)
            self.picker = TenantPicker("Tenant", self.visit, self.ask)
            self.picker.set_visibility(False)

    async def turn(self) -> None:
        """All, or one that is to be found first."""
        self.picker.set_visibility(self.whose.value == ONE)
        await self.ask()

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """None until one is picked, where it is for one."""
        chosen: str | None = self.tenant["id"] if self.tenant else None
        if self.tenant is None and self.whose.value == ONE:
            if self.picker.picked is None:
                return None
            chosen = self.picker.picked["id"]
        return {"input": {"month": self.month, "tenantIds": [chosen] if chosen else None, "dryRun": dry_run}}

    async def ask(self) -> None:
        """Over many tenants it takes a while."""
        if self.variables(dry_run=True) is not None:
            self.preview.clear()
            with self.preview:
                states.skeleton(3)
        await super().ask()
        if not self.dialog.ready and self.dialog.is_open and self.dialog.problem.visible:
            self.hint()

    async def send(self, given: dict[str, object], *, for_real: bool = False) -> dict[str, Any] | None:
        """With what is needed to write its sums."""
        result = await super().send(given, for_real=for_real)
        if result is not None:
            try:
                await self.currencies.learn((of["currency"] for of in result["run"]["amounts"]), self.visit.api)
            except ApiError as error:
                self.dialog.say(str(error))
                return None if not for_real else result
        return result

    def outlook(self, result: dict[str, Any] | None) -> None:
        """How many, how much, who is not covered, and who cannot be billed."""
        assert result is not None
        run: BillingRun = result["run"]
        with box("t-preview__rows", "dl"):
            for label, words in figures(run, self.currencies, self.visit).items():
                Text(label, tag="dt")
                with box("", "dd"):
                    Text(words, "t-preview__after")
        if not run["invoiceCount"]:
            self.line("No invoice comes of it: months without a charge are closed without one.")
        self.uncovered(run, result["invoices"])
        self.left_out(nodes_of(run), run["failures"]["totalCount"] or 0)
        self.line("Nothing is written yet. What is used or paid in until then counts too.", "muted")

    def uncovered(self, run: BillingRun, invoices: Sequence[Any]) -> None:
        """Who would owe, and how many wallets lock for it at once."""
        due = [invoice for invoice in invoices if invoice["status"] == "DUE"]
        if run["locked"]:
            consequence(f"Locks {counted(run['locked'], 'wallet')}: not covered", warning=True)
        for invoice in due[:NAMED]:
            wallet = invoice["tenant"]["wallet"]
            total = self.visit.manner.money(
                invoice["totalMinor"], Currency(wallet["currency"], wallet["currencyExponent"])
            )
            self.line(f"{invoice['tenant']['name']}: {total} for {month_name(invoice['month'])} falls due", "warn")
        if len(due) > NAMED:
            among = f" among the first {len(invoices)} invoices" if run["invoiceCount"] > len(invoices) else ""
            self.line(f"And {len(due) - NAMED:,} more{among} that are not covered", "warn")

    def left_out(self, failures: Sequence[BillingFailure], count: int) -> None:
        """Each is stopped by itself; the others are billed."""
        for failure in failures:
            consequence(f"Not {failure['tenant']['name']}: {failure['message']}", warning=True)
        if count > len(failures):
            consequence(f"Nor {counted(count - len(failures), 'other')}", warning=True)

    def announce(self, result: dict[str, Any]) -> str:
        """Few are done at once; many go on by themselves."""
        run: BillingRun = result["run"]
        if run["finishedAt"] is None:
            return f"Billing of {month_name(self.month)} is under way."
        return f"{month_name(self.month)} is billed: {counted(run['invoiceCount'], 'invoice')}."

    async def done(self, result: dict[str, Any]) -> None:
        """On to the run, which shows how far it is and what came of it."""
        ui.navigate.to(f"/billing/runs/{result['run']['id']}")


def nodes_of(run: BillingRun) -> list[BillingFailure]:
    """The failures that came with it."""
    return [edge["node"] for edge in run["failures"].get("edges", [])]


def figures(run: BillingRun, currencies: Currencies, visit: Visit) -> dict[str, str]:
    """What it comes to, by what it is called."""
    return {
        "Tenants": f"{run['tenants']:,}",
        "Invoices": f"{run['invoiceCount']:,}",
        "Billed": run_sums(run["amounts"], "billedMinor", currencies, visit.manner),
        "Collected at once": run_sums(run["amounts"], "collectedMinor", currencies, visit.manner),
    }
