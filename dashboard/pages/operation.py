"""One operation: who, when and why; every transaction of it in every wallet; its invoices; what mended it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.components.action import Action
from dashboard.components.banner import Banner
from dashboard.components.buttons import action, copied_id
from dashboard.components.crumbs import crumbs
from dashboard.components.operation_parts import bill, reversals, side
from dashboard.components.reverse_dialog import EraseDescription, Reverse
from dashboard.components.text import Text, box
from dashboard.names import Names
from dashboard.operation_words import by_wallet, erasable, headline, kind_words, reason_given, reversible
from dashboard.page import WholePage, shown
from dashboard.session import Desk, Visit
from dashboard.shapes.operations import Operation
from dashboard.shapes.wallets import currency_of


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/operation/{operation_id}", title="Operation · Tijori")
    async def operation(request: Request, operation_id: str) -> Response | None:
        return await shown(
            desk, request, active="/wallet", make=lambda visit, banner: OperationPage(visit, banner, operation_id)
        )


class OperationPage(WholePage):
    """What was done stays as it is; what is done to it later shows by itself."""

    def __init__(self, visit: Visit, banner: Banner, operation_id: str) -> None:
        super().__init__(visit, banner)
        self.operation_id = operation_id
        viewer = visit.viewer
        self.names = Names(visit.api, {viewer["id"]: viewer["name"]} if viewer else {})
        self.drawn: Operation | None = None

    def follow_wallets(self, operation: Operation) -> None:
        """Those that it touched: what takes it back is written there too."""
        for lines in by_wallet(operation["transactions"]):
            self.follow("WalletEvents", partial(dict, id=lines[0]["wallet"]["id"]), self.hear)

    async def hear(self, data: dict[str, Any]) -> None:
        """A wallet has changed, or the feed is live."""
        self.painter.request()

    async def refresh(self) -> None:
        """Asks for it, and shows it where it is not what is shown."""
        operation: Operation | None = (await self.visit.api.send("Operation", id=self.operation_id))["operation"]
        if operation is None or not operation["transactions"]:
            self.say_missing("operation", "All wallets", "/wallet")
            return
        if operation == self.drawn:
            return
        if self.drawn is None:
            self.follow_wallets(operation)
        self.drawn = operation
        await self.names.learn([operation["actor"], *(line["actor"] for line in operation["transactions"])])
        self.body.clear()
        with self.body:
            self.draw(operation)

    def draw(self, operation: Operation) -> None:
        """All of it."""
        lines, manner = operation["transactions"], self.visit.manner
        home = lines[0]["wallet"]
        title = headline(operation, manner)
        ui.page_title(f"{title} · Tijori")
        crumbs((home["owner"]["name"], f"/wallet/{home['id']}"), here=kind_words(operation["kind"]))
        self.head(operation, title)
        reversals(lines, manner)
        for wallet_lines in by_wallet(lines):
            side(wallet_lines, self.names, manner)
        invoices = {line["bill"]["id"]: line["bill"] for line in lines if line["bill"]}
        for invoice in invoices.values():
            bill(invoice, currency_of(home), manner)

    def head(self, operation: Operation, title: str) -> None:
        """What it was, who did it, when and why, and what can be done to it."""
        lines, manner = operation["transactions"], self.visit.manner
        with box("t-title"):
            with box("t-title__words"):
                Text(title, "t-h1", tag="h1")
                who = self.names.get(operation["actor"]) or operation["actor"].capitalize()
                Text(f"{who}, {manner.moment(operation['createdAt'])}", "t-sub", tag="p")
                if why := reason_given(lines):
                    Text(f"“{why}”", "t-why", tag="p")
                self.identity(operation["id"])
            if self.visit.may_move_money:
                self.actions(operation)

    def identity(self, operation_id: str) -> None:
        """Its id, which can be copied."""
        with box("t-sub t-identity", "p"):
            copied_id("operation", operation_id).classes("t-copy--long")

    def actions(self, operation: Operation) -> None:
        """What mends it, where something is left to mend."""
        line, described = reversible(operation["transactions"]), erasable(operation["transactions"])
        with box("t-actions t-actions--few"):
            if line is not None:
                action("Reverse", "back", lambda: self.open(lambda: Reverse(self.visit, line, self.refreshed)))
            if described is not None:
                erase = lambda: self.open(lambda: EraseDescription(self.visit, described, self.refreshed))  # noqa: E731
                action("Erase description", "trash", erase)

    async def open(self, make: Callable[[], Action]) -> None:
        """Opens a dialog beside the page, so that it stays while the page is drawn anew."""
        with self.body.parent_slot or self.body:
            await make().ask()
