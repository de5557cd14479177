"""The lines of a batch, a page of them at a time."""

from dashboard.bulk_batch import Batch
from dashboard.bulk_words import COLUMNS, KINDS, row
from dashboard.components import states
from dashboard.components.chips import Chips
from dashboard.components.data_table import DataTable
from dashboard.components.pager import Pager
from dashboard.components.text import box
from dashboard.format import Manner

PAGE_SIZE = 50


class BulkTable:
    """Of all lines, or of those in some states."""

    def __init__(self, batch: Batch, manner: Manner) -> None:
        self.batch = batch
        self.manner = manner
        self.kind = "All"
        self.page = 0
        with box("t-card"):
            with box("t-toolbar"):
                Chips("Which lines", list(KINDS), self.kind, self.choose)
            self.none = box("t-card__body")
            with box("t-bulk__lines"):
                self.table = DataTable("Lines", COLUMNS)
            self.pager = Pager("lines", older=self.older, newer=self.newer)
        with self.none:
            states.empty("No line is here", "There are others under the other names above.")
        self.show()

    async def choose(self, kind: str) -> None:
        """Another kind begins at its first page."""
        self.kind, self.page = kind, 0
        self.show()

    async def older(self) -> None:
        """On."""
        self.page += 1
        self.show()

    async def newer(self) -> None:
        """Back."""
        self.page = max(0, self.page - 1)
        self.show()

    def show(self) -> None:
        """What stands there now."""
        wanted = KINDS[self.kind]
        lines = [line for line in self.batch.lines if line.state in wanted]
        self.page = min(self.page, max(0, (len(lines) - 1) // PAGE_SIZE))
        first = self.page * PAGE_SIZE
        shown = lines[first : first + PAGE_SIZE]
        self.none.set_visibility(not shown)
        self.table.set_visibility(bool(shown))
        self.table.show([row(line, self.manner, is_busy=self.batch.is_busy) for line in shown])
        info = {"endCursor": None, "hasNextPage": first + PAGE_SIZE < len(lines)}
        self.pager.show(self.page, PAGE_SIZE, len(shown), {"pageInfo": info, "totalCount": len(lines)})
