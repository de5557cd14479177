"""Finance → Wallet Management → Bulk top-up: many wallets from a file, looked through before anything is paid."""

from nicegui import app, ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.address import show_address
from dashboard.bulk_batch import Batch
from dashboard.bulk_lines import MOST_BYTES, MOST_LINES, next_name
from dashboard.bulk_shelf import Shelf, ShelfError
from dashboard.components.banner import Banner
from dashboard.components.bulk_dialogs import ConfirmBatch, NameBatch
from dashboard.components.bulk_summary import BulkSummary
from dashboard.components.bulk_table import BulkTable
from dashboard.components.crumbs import crumbs
from dashboard.components.csv_field import CsvField
from dashboard.components.icon import Icon
from dashboard.components.text import Text, box
from dashboard.live import Painter
from dashboard.page import Page, shown, title
from dashboard.pages.bulk_files import TAKEN_AT, register_files
from dashboard.session import Desk, Visit

PAINT_SECONDS = 0.2
HINT = f"Up to {MOST_LINES:,} lines, 1 MiB. Amounts in rupees, dollars …, not in paise or cents."
EXAMPLE = 'wallet,amount,description\n+91 98765 43210,500,October\nmy-tenant-id,"12,500.50",Bank transfer 17'


def register(desk: Desk) -> None:
    """Makes the page and its files' addresses known."""
    shelf = Shelf()
    app.on_shutdown(shelf.close)
    register_files(desk, shelf)

    @ui.page("/wallet/bulk", title="Bulk top-up · Tijori")
    async def bulk(request: Request, batch: str = "") -> Response | None:
        return await shown(
            desk,
            request,
            active="/wallet",
            make=lambda visit, banner: BulkPage(visit, banner, shelf, batch),
            roles=("SUPER_ADMIN",),
        )


class BulkPage(Page):
    """A file to send; then its batch, which lives in the process and is only looked at here."""

    def __init__(self, visit: Visit, banner: Banner, shelf: Shelf, name: str) -> None:
        super().__init__(visit, banner)
        assert visit.viewer is not None
        self.owner = visit.viewer["id"]
        self.shelf = shelf
        self.name = name
        self.batch: Batch | None = None
        self.summary: BulkSummary | None = None
        self.table: BulkTable | None = None
        crumbs(("Wallets", "/wallet"), here="Bulk top-up")
        title("Bulk top-up", "Many wallets at once, from a spreadsheet. Each line is checked before anything is paid.")
        self.body = box("t-stack")

    async def begin(self) -> None:
        """Finds the batch that the address names."""
        self.painter = Painter(self.refresh, interval_seconds=PAINT_SECONDS)
        self.until_left(self.painter.stop)
        self.until_left(self.leave)
        await self.open(self.name)

    def leave(self) -> None:
        """The batch goes on without this page."""
        if self.batch is not None:
            self.batch.changed.discard(self.painter.request)

    async def open(self, name: str) -> None:
        """Shows a batch, or the way to one."""
        self.leave()
        self.batch = self.shelf.of(self.owner, name) if name else None
        if self.batch is not None:
            show_address("/wallet/bulk", {"batch": name})
        self.summary = self.table = None
        self.body.clear()
        with self.body:
            if self.batch is None:
                self.build_start(name)
            else:
                self.build_batch(self.batch)
        if self.batch is not None:
            self.batch.changed.add(self.painter.request)
            await self.check()

    def build_start(self, name: str) -> None:
        """Where the file goes."""
        if name:
            with box("t-callout t-callout--warn", "p").props("role=status"):
                Icon("alert")
                Text(
                    f"Batch {name} is not at hand any more. What it paid stays paid: send its file again, and each "
                    "line says whether it was done."
                )
        with box("t-card"):
            CsvField(TAKEN_AT, most_bytes=MOST_BYTES, hint=HINT, example=EXAMPLE, taken=self.open)
            with box("t-bulk__help", "ul"):
                for words in (
                    "One line for each wallet: its id, its person’s phone or your own id of its tenant, then the "
                    "amount, then a description if you like. A first line may name the columns.",
                    "Nothing is paid before you have seen every line and confirmed.",
                    "The same lines are the same batch: sent again, by whomever, they are not paid again.",
                ):
                    Text(words, tag="li")

    def build_batch(self, batch: Batch) -> None:
        """What it is and what can be done with it."""
        acts = {
            "confirm": self.confirm,
            "go_on": self.go_on,
            "stop": batch.stop,
            "rename": lambda: self.ask_name(batch),
            "anew": lambda: self.rename(next_name(batch.name)),
        }
        self.summary = BulkSummary(batch, self.visit.manner, acts)
        self.table = BulkTable(batch, self.visit.manner)

    async def refresh(self) -> None:
        """Draws how far it is."""
        if self.batch is None or self.summary is None or self.table is None:
            return
        self.summary.show()
        self.table.show()
        problem = self.batch.problem
        if problem is not None and problem.code == "UNAUTHENTICATED":
            self.batch.problem = None
            self.visit.expire()

    async def check(self) -> None:
        """Asks what the lines would do, where that is not known yet."""
        if self.batch is not None and not self.batch.is_checked:
            now = await self.visit.now()
            if now is not None:
                self.batch.check(self.visit.api, now, self.visit.manner)

    async def go_on(self) -> None:
        """With what was begun."""
        if self.batch is not None and self.batch.was_run:
            self.batch.run(self.visit.api, self.visit.manner)
        else:
            await self.check()

    def confirm(self) -> None:
        """Asks once."""
        batch = self.batch
        if batch is not None:
            with self.body:
                ConfirmBatch(batch, self.visit.manner, lambda: batch.run(self.visit.api, self.visit.manner))

    def ask_name(self, batch: Batch) -> None:
        """Opens the dialog."""
        with self.body:
            NameBatch(batch.name, self.rename)

    async def rename(self, name: str) -> str | None:
        """Another name, another batch; why not, where it is not possible."""
        if self.batch is None or name == self.batch.name:
            return None
        try:
            again = self.shelf.rename(self.owner, self.batch, name)
        except ShelfError as problem:
            return str(problem)
        await self.open(again.name)
        return None
