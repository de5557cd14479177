"""Making an alert rule: what to watch for, of whom, from which figure on, and for whom it would fire now."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from dashboard.alert_words import CONDITIONS
from dashboard.client import ApiError
from dashboard.components.action import Action
from dashboard.components.alert_rule_actions import firing_now
from dashboard.components.alert_threshold import MEASURES, threshold_of
from dashboard.components.fields import choice_field, text_field
from dashboard.components.tenant_picker import TenantPicker
from dashboard.currencies import Currencies
from dashboard.format import Currency
from dashboard.session import Visit

SCOPES = {"currency": "All tenants of a currency", "tenant": "One tenant", "all": "All tenants"}


class NewRule(Action):
    """One opening is one rule."""

    title: ClassVar[str] = "New alert rule"
    verb: ClassVar[str] = "Create rule"
    document: ClassVar[str] = "CreateAlertRule"
    success: ClassVar[str] = "AlertRulePayload"
    makes_another: ClassVar[bool] = True

    def __init__(self, visit: Visit, after: Callable[[], Awaitable[None]]) -> None:
        self.after = after
        self.currency: Currency | None = None
        self.currencies = Currencies()
        super().__init__(visit)

    def fields(self) -> None:
        """Those that the condition and the scope need are shown."""
        self.name = text_field("Name", self.ask, props="maxlength=200 autofocus")
        self.condition = choice_field("Watch for", CONDITIONS, self.turned)
        self.scope = choice_field("Of whom", SCOPES, self.turned)
        self.code = text_field("Currency, such as INR", self.coded, props="maxlength=3")
        self.tenant = TenantPicker("Tenant: name or external id", self.visit, self.picked)
        self.threshold = text_field("Amount", self.ask, props="inputmode=decimal")
        self.turn()

    async def turned(self) -> None:
        """Another condition, or other tenants."""
        self.turn()
        await (self.picked() if self.scope.value == "tenant" else self.coded())

    def turn(self) -> None:
        """Shows what is to be filled in."""
        self.code.set_visibility(self.scope.value == "currency")
        self.tenant.set_visibility(self.scope.value == "tenant")
        self.threshold.set_visibility(self.condition.value in MEASURES)
        self.threshold.props["label"] = MEASURES.get(self.condition.value, ("", ""))[1]
        self.sign()

    def sign(self) -> None:
        """An amount stands behind its currency's sign."""
        amount = self.condition.value == "AVAILABLE_BELOW" and self.currency is not None
        self.threshold.props["prefix"] = self.currency.sign if amount and self.currency else ""
        self.threshold.update()

    async def picked(self) -> None:
        """A tenant has its currency."""
        tenant = self.tenant.picked
        self.currency = Currency(tenant["currency"], tenant["wallet"]["currencyExponent"]) if tenant else None
        self.sign()
        await self.ask()

    async def coded(self) -> None:
        """Looks up how many decimals the currency has that is typed."""
        code = (self.code.value or "").strip().upper()
        self.currency, self.code.error = None, None
        if len(code) == 3:
            try:
                await self.currencies.learn([code], self.visit.api)
            except ApiError as error:
                self.code.error = str(error)
                return
            if code != (self.code.value or "").strip().upper():
                return
            self.currency = self.currencies.get(code)
            if self.currency is None:
                self.code.error = f"No wallet is in {code}."
        self.sign()
        await self.ask()

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """None until there is a name, a figure, and somebody to watch."""
        name, condition = (self.name.value or "").strip(), str(self.condition.value)
        whom = self.whom()
        threshold = threshold_of(self.threshold, condition, self.currency)
        if not name or whom is None or threshold is None:
            return None
        return {"input": {"name": name, "condition": condition, **whom, **threshold, "dryRun": dry_run}}

    def whom(self) -> dict[str, object] | None:
        """The tenants that it is about."""
        if self.scope.value == "tenant":
            return {"tenantId": self.tenant.picked["id"]} if self.tenant.picked else None
        if self.scope.value == "currency":
            return {"currency": self.currency.code} if self.currency else None
        if self.condition.value == "AVAILABLE_BELOW":
            self.dialog.say("An amount is of one currency: choose a currency, or one tenant.")
            return None
        return {}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """For whom it would fire."""
        assert result is not None
        self.line(firing_now(result), "danger" if result["wouldFire"] != 0 else "positive")

    def announce(self, result: dict[str, Any]) -> str:
        """That it watches."""
        return f"“{result['rule']['name']}” watches now."

    async def done(self, result: dict[str, Any]) -> None:
        """It is in the list."""
        await self.after()
