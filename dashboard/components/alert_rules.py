"""The list of alert rules: what each watches for, whom, for how many it fires, and what can be done to it."""

from collections.abc import Awaitable, Callable

from dashboard.alert_words import recovers, watched, whom
from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.alert_rule_actions import DeleteRule, EditRule, RuleAction, SwitchRule
from dashboard.components.alert_rule_form import NewRule
from dashboard.components.icon import Icon
from dashboard.components.menu import Entry, Menu
from dashboard.components.pager import Pager
from dashboard.components.text import Text, box
from dashboard.session import Visit
from dashboard.shapes.alerts import AlertRule
from dashboard.shapes.lists import nodes

PAGE_SIZE = 50


class Rules:
    """Built where it stands; `load` asks for what is shown. Only a SUPER_ADMIN is offered to change any."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.may_write = visit.is_super_admin
        self.cursors: list[str | None] = [None]
        self.asked = 0
        self.lines: dict[str, RuleLine] = {}
        with box("t-card"):
            with box("t-card__head"):
                Text("Rules", "t-h2", tag="h2")
                box("t-space")
                if self.may_write:
                    with box("t-btn t-btn--primary", "button").props("type=button").on("click", self.make):
                        Icon("plus")
                        Text("New rule")
            self.body = box("t-card__body")
            with self.body:
                states.skeleton(4)
            self.pager = Pager("rules", older=self.next_page, newer=self.previous_page)
            self.shelf = box("")

    def make(self) -> None:
        """A new one."""
        with self.shelf:
            NewRule(self.visit, self.load)

    async def next_page(self) -> None:
        """On to the next page."""
        if self.pager.end_cursor is not None:
            self.cursors.append(self.pager.end_cursor)
            await self.load()

    async def previous_page(self) -> None:
        """Back to the page before."""
        if len(self.cursors) > 1:
            self.cursors.pop()
            await self.load()

    async def load(self) -> None:
        """The page that is shown, as it is now; an answer that was overtaken is dropped."""
        self.asked += 1
        question = self.asked
        try:
            answer = (await self.visit.api.send("AlertRules", first=PAGE_SIZE, after=self.cursors[-1]))["alertRules"]
        except ApiError as error:
            if question == self.asked:
                self.fail(error)
            return
        if question == self.asked:
            rules: list[AlertRule] = nodes(answer)
            self.pager.show(len(self.cursors) - 1, PAGE_SIZE, len(rules), answer)
            self.draw(rules)

    def draw(self, rules: list[AlertRule]) -> None:
        """The same rules are shown in the same lines: a menu that is open stays open."""
        if rules and [rule["id"] for rule in rules] == list(self.lines):
            for rule in rules:
                self.lines[rule["id"]].show(rule)
            return
        self.body.clear()
        self.lines = {}
        with self.body:
            if not rules:
                advice = "Say what to watch for: too little available, a lock that comes near, a price about to change."
                states.empty("No rules yet", advice if self.may_write else "A super admin says what to watch for.")
                return
            with box("t-rules", "ul").props('aria-label="Alert rules"'):
                self.lines = {rule["id"]: RuleLine(self.visit, rule, self.actions) for rule in rules}

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

    def fail(self, error: ApiError) -> None:
        """No answer: to sign in again, or to try again."""
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
            return
        self.lines = {}
        self.pager.hide()
        self.body.clear()
        with self.body:
            states.failed(error, self.load)


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
