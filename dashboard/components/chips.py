"""One choice of a few, always in sight."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from dashboard.components.text import Text, box


class Chips:
    """A row of buttons of which one is pressed."""

    def __init__(self, label: str, names: Sequence[str], chosen: str, choose: Callable[[str], Awaitable[None]]) -> None:
        self.choose = choose
        self.buttons: dict[str, ui.element] = {}
        with box("t-chips").props("role=group") as group:
            group.props["aria-label"] = label
            for name in names:
                with box("t-chip", "button").props("type=button").on("click", self.presser(name)) as button:
                    Text(name)
                self.buttons[name] = button
        self.mark(chosen)

    def presser(self, name: str) -> Callable[[], Awaitable[None]]:
        """What pressing one of them does."""

        async def press() -> None:
            self.mark(name)
            await self.choose(name)

        return press

    def mark(self, chosen: str) -> None:
        """Shows which one is pressed."""
        for name, button in self.buttons.items():
            button.props["aria-pressed"] = "true" if name == chosen else "false"
            button.update()
