"""What of a log is looked at: its kinds, reasons and days; and the way to take it along as CSV."""

from collections.abc import Awaitable, Callable

from dashboard.address import address
from dashboard.components.buttons import download
from dashboard.components.fields import choice_field, day_field
from dashboard.components.text import Text, box
from dashboard.log_filter import REASONS, TYPES, LogFilter
from dashboard.session import Visit


class LogFilters:
    """A row of fields. `turn` hears of each other choice."""

    def __init__(
        self, visit: Visit, wallet_id: str, chosen: LogFilter, turn: Callable[[LogFilter], Awaitable[None]]
    ) -> None:
        self.visit = visit
        self.wallet_id = wallet_id
        self.chosen = chosen
        self.turn = turn
        with box("t-toolbar t-fields").props('role=search aria-label="Filter the log"'):
            self.type = choice_field("Kind", {"": "All kinds", **TYPES}, self.heard, value=chosen.type)
            self.reason = choice_field("Reason", {"": "All reasons", **REASONS}, self.heard, value=chosen.reason)
            self.since = day_field("From", self.heard, value=chosen.since)
            self.until = day_field("Until", self.heard, value=chosen.until)
            with box("t-btn t-btn--small", "button").props("type=button").on("click", self.clear) as self.clearing:
                Text("Clear filters")
            box("t-space")
            self.download = download("Download CSV", "").classes("t-btn--small")
        self.show()

    def show(self) -> None:
        """Takes along what is looked at, and offers to look at all."""
        self.download.props["href"] = address(f"/wallet/{self.wallet_id}/log.csv", self.chosen.exact(self.visit.manner))
        self.download.update()
        self.clearing.set_visibility(bool(self.chosen.query))

    async def heard(self) -> None:
        """Something else is chosen, if it really is."""
        chosen = LogFilter(
            self.type.value or "", self.reason.value or "", self.since.value or "", self.until.value or ""
        )
        if chosen != self.chosen:
            self.chosen = chosen
            self.show()
            await self.turn(chosen)

    async def clear(self) -> None:
        """All lines."""
        self.chosen = LogFilter()
        for field in (self.type, self.reason, self.since, self.until):
            field.set_value("")
        self.show()
        await self.turn(self.chosen)
