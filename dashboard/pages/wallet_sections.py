"""The sections of a wallet's page, in the order in which they are read."""

from collections.abc import Awaitable, Callable, Mapping

from dashboard.book import Book
from dashboard.components.balance_chart import BalanceChart
from dashboard.components.balances import Balances
from dashboard.components.lock_callout import LockCallout
from dashboard.components.log_table import LogSection
from dashboard.components.money_dialog import Kind
from dashboard.components.tenant_panels import Invoices, Pricing, Usage
from dashboard.components.text import Text, box
from dashboard.components.wallet_head import WalletHead
from dashboard.session import Visit
from dashboard.shapes import Wallet, currency_of, nodes


class WalletSections:
    """Built once; shown again after each change."""

    def __init__(
        self,
        visit: Visit,
        wallet: Wallet,
        money: Callable[[Kind], None],
        lock: Callable[[bool], None],
        more: Callable[[int], Awaitable[None]],
    ) -> None:
        self.manner = visit.manner
        self.first = True
        self.is_tenant = wallet["owner"]["__typename"] == "Tenant"
        self.head = WalletHead(wallet, may_move=visit.may_move_money, money=money, lock=lock)
        self.lock = LockCallout()
        self.balances = Balances()
        with box("t-columns" if self.is_tenant else "t-stack"):
            with box("t-stack"):
                self.history()
                if self.is_tenant:
                    self.pricing = Pricing()
            if self.is_tenant:
                with box("t-stack"):
                    self.invoices = Invoices()
                    self.usage = Usage()
        self.log = LogSection(more)

    def history(self) -> None:
        """The balance over time."""
        with box("t-card", "section").props('aria-label="Balance over time"'):
            with box("t-card__head"):
                Text("Balance over time", "t-h2", tag="h2")
                self.span = Text("", "t-sub")
            self.chart = BalanceChart()

    def show(self, book: Book, names: Mapping[str, str]) -> None:
        """Puts in what the book holds."""
        wallet, manner = book.wallet, self.manner
        self.head.show(wallet)
        self.lock.show(wallet, manner)
        self.balances.show(wallet, manner, first=self.first)
        lines = [line for line in reversed(book.newest_first()) if line["amountMinor"]]
        self.chart.show(lines, currency_of(wallet), manner)
        self.span.show(f"Last {len(lines)} changes" if book.older else "Since the first transaction")
        if self.is_tenant:
            self.show_tenant(wallet)
        self.log.show(book, names, manner)
        self.first = False

    def show_tenant(self, wallet: Wallet) -> None:
        """What only a tenant has."""
        owner, currency = wallet["owner"], currency_of(wallet)
        self.invoices.fill(nodes(owner.get("invoices")), currency, self.manner)
        self.pricing.fill(nodes(owner.get("prices")), currency, self.manner)
        self.usage.fill(nodes(owner.get("usage")), currency, self.manner)
