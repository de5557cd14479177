"""What a tenant's wallet is charged: its invoices page by page, and its prices with its usage month by month."""

from collections.abc import Callable
from typing import Any

from dashboard.client import Api, ApiError
from dashboard.components import states
from dashboard.components.data_table import Act, Column, Row
from dashboard.components.invoices import COLUMNS, invoice_row
from dashboard.components.listing import Listing
from dashboard.components.prices_card import PricesCard
from dashboard.components.text import Text, box
from dashboard.components.usage_by_month import UsageByMonth
from dashboard.session import Visit
from dashboard.shapes.billing import Invoice
from dashboard.shapes.lists import Connection, goes_on, nodes
from dashboard.shapes.pricing import Price
from dashboard.shapes.wallets import Wallet, currency_of

# What a screen can still show: a tenant with more stretches sees the first of them.
MOST_PRICES = 600
OPEN: Column = {"name": "open", "label": "Page", "align": "right"}


class InvoicesPanel:
    """A card with the invoices; each unfolds the lines that make its total."""

    def __init__(self, visit: Visit, wallet: Callable[[], Wallet]) -> None:
        self.visit = visit
        self.wallet = wallet
        with box("t-card", "section").props("aria-label=Invoices"):
            with box("t-card__head"):
                Text("Invoices", "t-h2", tag="h2")
                Text("Newest first; each unfolds its lines", "t-sub")
            self.list: Listing[Invoice] = Listing(
                "invoices",
                [*COLUMNS, OPEN],
                ask=self.ask,
                row=self.row,
                empty=lambda: states.empty("No invoice yet", "A month is billed after it ends."),
                expire=visit.expire,
            )

    def row(self, invoice: Invoice) -> Row:
        """What it comes to, its lines, and its own page."""
        row = invoice_row(invoice, currency_of(self.wallet()), self.visit.manner)
        label = f"Open invoice {invoice['number']}"
        opens: Act = {"name": "open", "words": "Open", "label": label, "href": f"/invoice/{invoice['id']}"}
        row["cells"]["open"] = {"text": "", "acts": [opens]}
        return row

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of them."""
        answer = await self.visit.api.send("WalletInvoices", id=self.wallet()["id"], first=first, after=after)
        return answer["wallet"]["owner"]["invoices"]

    async def refresh(self) -> None:
        """The page that is looked at, anew."""
        await self.list.load()


class PricesPanel:
    """The timeline of its prices, and what was used of them."""

    def __init__(self, visit: Visit, wallet: Callable[[], Wallet]) -> None:
        self.visit = visit
        self.wallet = wallet
        self.asked = 0
        self.prices = PricesCard()
        self.usage = UsageByMonth()
        self.problem = box("t-card")
        self.problem.set_visibility(False)

    async def refresh(self) -> None:
        """Both anew; an answer that was overtaken is dropped."""
        self.asked += 1
        question, wallet = self.asked, self.wallet()
        try:
            prices = await all_prices(self.visit.api, wallet["id"])
            used = (await self.visit.api.send("WalletUsage", id=wallet["id"]))["wallet"]
        except ApiError as error:
            self.fail(error)
            return
        if question != self.asked or used is None or self.problem.is_deleted:
            return
        usage, currency, manner = used["owner"]["usage"], currency_of(wallet), self.visit.manner
        self.problem.set_visibility(False)
        self.prices.fill(prices, currency, manner)
        self.usage.fill(nodes(usage), currency, manner, has_more=goes_on(usage))

    def fail(self, error: ApiError) -> None:
        """Why not."""
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
        elif not self.problem.is_deleted:
            self.problem.clear()
            with self.problem:
                states.failed(error, self.refresh)
            self.problem.set_visibility(True)


async def all_prices(api: Api, wallet_id: str) -> list[Price]:
    """A tenant's whole timeline, however many stretches it has. May raise ApiError."""
    found: list[Price] = []
    after: str | None = None
    while len(found) < MOST_PRICES:
        answer = await api.send("WalletPrices", id=wallet_id, after=after)
        page: Connection[Price] | None = ((answer["wallet"] or {}).get("owner") or {}).get("prices")
        found += nodes(page)
        if page is None or not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    return found
