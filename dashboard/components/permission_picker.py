"""Permissions to choose from, in groups, each in words; what changes things is marked."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from dashboard.components.fields import check_field
from dashboard.components.text import Text, box
from dashboard.permissions import grouped, in_words, is_reading


class PermissionPicker:
    """A check box for each. `changed` hears of every choice."""

    def __init__(self, grantable: Sequence[str], changed: Callable[[], Awaitable[None]]) -> None:
        self.changed = changed
        self.checks: dict[str, ui.checkbox] = {}
        self.is_setting = False
        with box("t-permissions", "fieldset"):
            with box("t-permissions__head", "legend"):
                Text("What it may do")
            with box("t-actions t-permissions__presets"):
                self.preset("Reads all", lambda name: is_reading(name))
                if not all(map(is_reading, grantable)):
                    self.preset("Everything", lambda _: True)
                self.preset("Nothing", lambda _: False)
            for title, names in grouped(grantable):
                self.group(title, names)

    def preset(self, words: str, wanted: Callable[[str], bool]) -> None:
        """A button that chooses several at once."""

        async def press() -> None:
            self.is_setting = True
            for name, check in self.checks.items():
                check.value = wanted(name)
            self.is_setting = False
            await self.changed()

        with box("t-btn t-btn--small", "button").props("type=button").on("click", press):
            Text(words)

    def group(self, title: str, names: Sequence[str]) -> None:
        """A noun's."""
        with box("t-permissions__group").props("role=group") as group:
            group.props["aria-label"] = title
            Text(title, "t-permissions__title")
            for name in names:
                check = check_field(in_words(name), self.hear)
                check.classes("" if is_reading(name) else "t-permissions__change")
                self.checks[name] = check

    async def hear(self) -> None:
        """One was turned; of several at once they are told of together."""
        if not self.is_setting:
            await self.changed()

    def chosen(self) -> list[str]:
        """By their names in the API."""
        return [name for name, check in self.checks.items() if check.value]
