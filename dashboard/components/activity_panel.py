"""What happened: the balance over time, and the log."""

from collections.abc import Callable, Mapping

from dashboard.book import Book
from dashboard.components.balance_chart import BalanceChart
from dashboard.components.log_panel import LogPanel
from dashboard.components.text import Text, box
from dashboard.names import Names
from dashboard.session import Visit
from dashboard.shapes.wallets import currency_of


class ActivityPanel:
    """Drawn anew with each change that the book takes."""

    def __init__(
        self,
        visit: Visit,
        book: Callable[[], Book],
        names: Names,
        query: Mapping[str, str],
        tell: Callable[[dict[str, str]], None],
    ) -> None:
        self.manner = visit.manner
        self.book = book
        with box("t-card", "section").props('aria-label="Balance over time"'):
            with box("t-card__head"):
                Text("Balance over time", "t-h2", tag="h2")
                self.span = Text("", "t-sub")
            self.chart = BalanceChart()
        self.log = LogPanel(visit, book, names, query, tell)

    async def paint(self) -> None:
        """What the book holds."""
        book = self.book()
        lines = [line for line in reversed(book.newest_first()) if line["amountMinor"] or line["lockedAmountMinor"]]
        self.chart.show(lines, currency_of(book.wallet), self.manner)
        span = f"Last {len(lines)} changes" if book.goes_on else "Since the first transaction"
        is_held = any(line["lockedAfterMinor"] for line in lines)
        self.span.show(f"{span}; the thin line is what is available" if is_held else span)
        if self.log.is_live:
            await self.log.draw()

    async def refresh(self) -> None:
        """And what was asked for besides."""
        await self.paint()
        if not self.log.is_live:
            await self.log.refresh()
