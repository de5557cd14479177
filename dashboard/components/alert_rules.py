"""The list of alert rules: what each watches for, whom, for how many it fires, and what can be done to it."""

from collections.abc import Awaitable, Callable
from typing import Any

from dashboard.alert_words import recovers, watched, whom
from dashboard.components import states
from dashboard.components.alert_rule_actions import DeleteRule, EditRule, RuleAction, SwitchRule
from dashboard.components.alert_rule_form import NewRule
from dashboard.components.buttons import action
from dashboard.components.listing import LineList
from dashboard.components.menu import Entry, Menu
from dashboard.components.text import Text, box
from dashboard.session import Visit
from dashboard.shapes.alerts import AlertRule

PAGE_SIZE = 50


class Rules:
    """Built where it stands; `load` asks for what is shown. Only a SUPER_ADMIN is offered to change any."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.may_write = visit.is_super_admin
        with box("t-card"):
            with box("t-card__head"):
                Text("Rules", "t-h2", tag="h2")
                box("t-space")
                if self.may_write:
                    action("New rule", "plus", self.make).classes("t-btn--primary")
            self.list: LineList[AlertRule] = LineList(
                "rules",
                label="Alert rules",
                line=lambda rule: RuleLine(visit, rule, self.actions),
                ask=self.ask,
                empty=self.empty,
                expire=visit.expire,
                page_size=PAGE_SIZE,
            )
            self.shelf = box("")

    def make(self) -> None:
        """A new one."""
        with self.shelf:
            NewRule(self.visit, self.load)

    async def load(self) -> None:
        """The page that is shown, as it is now."""
        await self.list.load()

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of rules."""
        return (await self.visit.api.send("AlertRules", first=first, after=after))["alertRules"]

    def empty(self) -> None:
        """What rules are for."""
        advice = "Say what to watch for: too little available, a lock that comes near, a price about to change."
        states.empty("No rules yet", advice if self.may_write else "A super admin says what to watch for.")

    def actions(self, line: "RuleLine") -> list[Entry]:
        """What may be done to a rule, as it is when it is done."""
        if not self.may_write:
            return []
        words, icon = ("Switch off", "minus") if line.rule["active"] else ("Switch on", "play")
        return [
            Entry("Change", "edit", self.opening(EditRule, line)),
            Entry(words, icon, self.opening(SwitchRule, line)),
            Entry("Delete", "trash", self.opening(DeleteRule, line), danger=True),
        ]

    def opening(self, make: type[RuleAction], line: "RuleLine") -> Callable[[], Awaitable[None]]:
        """Opens a dialog beside the list, which may be drawn anew meanwhile."""

        async def open_dialog() -> None:
            with self.shelf:
                await make(self.visit, line.rule, self.load).ask()

        return open_dialog


class RuleLine:
    """One rule."""

    def __init__(self, visit: Visit, rule: AlertRule, actions: Callable[["RuleLine"], list[Entry]]) -> None:
        self.visit = visit
        self.rule = rule
        self.actions = actions
        with box("t-rule", "li"):
            with box("t-rule__words"):
                self.name = Text("", "t-rule__name")
                self.what = Text("", "t-rule__what")
                self.how = Text("", "t-rule__sub")
            self.badge = Text("", "t-badge")
            self.menu = Menu("", actions(self)) if actions(self) else None
        self.show(rule)

    def show(self, rule: AlertRule) -> None:
        """As it is now."""
        self.rule = rule
        self.name.show(rule["name"])
        self.what.show(f"{watched(rule, self.visit.manner)} · {whom(rule)}")
        self.how.show(recovers(rule, self.visit.manner))
        tone, words = ("muted", "Quiet") if not rule["firing"] else ("danger", f"Fires for {rule['firing']:,}")
        if not rule["active"]:
            tone, words = "muted", "Off"
        self.badge.show(words)
        self.badge.classes(replace=f"t-badge t-badge--{tone}")
        if self.menu is not None:
            self.menu.show(self.actions(self))
            self.menu._props["label"] = f"What to do with {rule['name']}"
            self.menu.update()
