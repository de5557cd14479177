"""What is done to an alert rule: changed, switched off and on, deleted; each says first what would come of it."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from dashboard.alert_words import currency_of, watched, whom
from dashboard.components.action import Action
from dashboard.components.alert_threshold import MEASURES, threshold_of
from dashboard.components.fields import text_field
from dashboard.components.text import Text
from dashboard.session import Visit
from dashboard.shapes.alerts import AlertRule

After = Callable[[], Awaitable[None]]


def firing_now(result: dict[str, Any]) -> str:
    """For whom a rule would fire as tenants stand now."""
    number, named = result["wouldFire"], [tenant["name"] for tenant in result["tenants"]]
    if number == 0:
        return "It would fire for nobody now."
    others = f" and {number - len(named):,} more" if number is not None and number > len(named) else ""
    many = "more than 10,000 tenants" if number is None else "1 tenant" if number == 1 else f"{number:,} tenants"
    examples = f": {', '.join(named)}{others}" if named else ""
    return f"It would fire for {many} now{examples}."


def ended(rule: AlertRule) -> str:
    """What becomes of its alerts."""
    if not rule["firing"]:
        return "It fires for nobody now."
    alerts = "The alert that fires now" if rule["firing"] == 1 else f"The {rule['firing']:,} alerts that fire now"
    verb = "recovers" if rule["firing"] == 1 else "recover"
    return f"{alerts} {verb}, and no webhook is sent for that. What has fired stays in the inbox."


class RuleAction(Action):
    """Of a rule that there is. `after` is called once it is done."""

    success: ClassVar[str] = "AlertRulePayload"

    def __init__(self, visit: Visit, rule: AlertRule, after: After) -> None:
        self.rule = rule
        self.after = after
        super().__init__(visit)

    def say_what(self) -> None:
        """The rule in words."""
        Text(f"{self.rule['name']}: {watched(self.rule, self.visit.manner)} · {whom(self.rule)}", "t-sub", tag="p")

    async def done(self, result: dict[str, Any]) -> None:
        """The list shows it."""
        await self.after()


class EditRule(RuleAction):
    """Its name and its figure; what it watches for, and whom, stays."""

    title = "Change alert rule"
    verb = "Save"
    document = "UpdateAlertRule"

    def fields(self) -> None:
        """As they are now."""
        self.say_what()
        self.name = text_field("Name", self.ask, value=self.rule["name"], props="maxlength=200 autofocus")
        _, label = MEASURES.get(self.rule["condition"], ("", ""))
        self.threshold = text_field(label or "Figure", self.ask, value=self.typed(), props="inputmode=decimal")
        self.threshold.set_visibility(bool(label))
        if self.rule["thresholdMinor"] is not None:
            self.threshold.props["prefix"] = currency_of(self.rule).sign

    def typed(self) -> str:
        """The threshold as a person types it."""
        rule = self.rule
        if rule["thresholdMinor"] is not None:
            return self.visit.manner.amount(rule["thresholdMinor"], currency_of(rule).exponent)
        return str(rule["thresholdMonths"] or rule["thresholdDays"] or "")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """None while something is missing."""
        name = (self.name.value or "").strip()
        threshold = threshold_of(self.threshold, self.rule["condition"], currency_of(self.rule))
        if not name or threshold is None:
            return None
        return {"id": self.rule["id"], "input": {"name": name, **threshold}, "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """For whom it would fire."""
        assert result is not None
        self.line(firing_now(result) if result["rule"]["active"] else "It is switched off: it fires for nobody.")

    def announce(self, result: dict[str, Any]) -> str:
        """What it watches for now."""
        return f"Saved: {watched(result['rule'], self.visit.manner)}."


class SwitchRule(RuleAction):
    """Off where it is on, and on where it is off."""

    title = "Switch alert rule"
    verb = "Switch"
    document = "UpdateAlertRule"

    def fields(self) -> None:
        """There is nothing to say: what would happen is asked for at once."""
        self.say_what()
        self.dialog.verb.show("Switch off" if self.rule["active"] else "Switch on")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """The other way."""
        return {"id": self.rule["id"], "input": {"active": not self.rule["active"]}, "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What ends, or begins."""
        assert result is not None
        self.line(ended(self.rule) if self.rule["active"] else firing_now(result))

    def announce(self, result: dict[str, Any]) -> str:
        """Which it is now."""
        return f"“{result['rule']['name']}” is {'on' if result['rule']['active'] else 'off'} now."


class DeleteRule(RuleAction):
    """For good."""

    title = "Delete alert rule"
    verb = "Delete"
    document = "DeleteAlertRule"
    is_dangerous = True

    def fields(self) -> None:
        """Nothing to say."""
        self.say_what()

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """The rule."""
        return {"id": self.rule["id"], "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What ends with it."""
        self.line(ended(self.rule), "danger")

    def announce(self, result: dict[str, Any]) -> str:
        """That it is gone."""
        return f"“{result['rule']['name']}” was deleted."
