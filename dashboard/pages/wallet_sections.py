"""The sections of a wallet's page, in the order in which they are read."""

from collections.abc import Mapping
from typing import Protocol

from dashboard.book import Book
from dashboard.components.balance_chart import BalanceChart
from dashboard.components.balances import Balances
from dashboard.components.invoices import Invoices
from dashboard.components.lock_callout import LockCallout
from dashboard.components.log_table import LogSection
from dashboard.components.money_dialog import Kind
from dashboard.components.open_holds import OpenHolds
from dashboard.components.tenant_panels import Pricing, Usage
from dashboard.components.text import Text, box
from dashboard.components.wallet_head import WalletHead
from dashboard.session import Visit
from dashboard.shapes.lists import goes_on, nodes
from dashboard.shapes.wallets import Wallet, currency_of


class Acts(Protocol):
    """What its sections ask of the page."""

    def open_money(self, kind: Kind) -> None:
        """To move money by hand."""

    def open_lock(self, lock: bool) -> None:
        """To lock or unlock by hand."""

    async def more(self, count: int) -> None:
        """To have so many lines of the log at hand, and shown."""

    async def turn_holds(self, by: int) -> None:
        """To show the next page of the open holds, or the one before."""


class WalletSections:
    """Built once; shown again after each change."""

    def __init__(
        self,
        visit: Visit,
        wallet: Wallet,
        acts: Acts,
    ) -> None:
        self.manner = visit.manner
        self.first = True
        self.is_tenant = wallet["owner"]["__typename"] == "Tenant"
        self.head = WalletHead(wallet, may_move=visit.may_move_money, money=acts.open_money, lock=acts.open_lock)
        self.lock = LockCallout()
        self.balances = Balances()
        with box("t-columns" if self.is_tenant else "t-stack"):
            with box("t-stack"):
                self.history()
                if self.is_tenant:
                    self.pricing = Pricing()
            if self.is_tenant:
                with box("t-stack"):
                    self.holds = OpenHolds(acts.turn_holds)
                    self.invoices = Invoices()
                    self.usage = Usage()
            else:
                self.holds = OpenHolds(acts.turn_holds)
        self.log = LogSection(acts.more)

    def history(self) -> None:
        """The balance over time."""
        with box("t-card", "section").props('aria-label="Balance over time"'):
            with box("t-card__head"):
                Text("Balance over time", "t-h2", tag="h2")
                self.span = Text("", "t-sub")
            self.chart = BalanceChart()

    def show(self, book: Book, names: Mapping[str, str], hold_page: int) -> None:
        """Puts in what the book holds."""
        wallet, manner = book.wallet, self.manner
        self.head.show(wallet)
        self.lock.show(wallet, manner)
        self.balances.show(wallet, manner, first=self.first)
        lines = [line for line in reversed(book.newest_first()) if line["amountMinor"] or line["lockedAmountMinor"]]
        self.chart.show(lines, currency_of(wallet), manner)
        span = f"Last {len(lines)} changes" if book.older else "Since the first transaction"
        is_held = any(line["lockedAfterMinor"] for line in lines)
        self.span.show(f"{span}; the thin line is what is available" if is_held else span)
        if "holds" in wallet:
            self.holds.show(wallet["holds"], hold_page, currency_of(wallet), manner)
        if self.is_tenant:
            self.show_tenant(wallet)
        self.log.show(book, names, manner)
        self.first = False

    def show_tenant(self, wallet: Wallet) -> None:
        """What only a tenant has."""
        owner, currency, manner = wallet["owner"], currency_of(wallet), self.manner
        invoices, usage = owner.get("invoices"), owner.get("usage")
        window_days = owner.get("finalizationDays", 0)
        self.invoices.fill(nodes(invoices), window_days, currency, manner, has_more=goes_on(invoices))
        self.pricing.fill(owner.get("prices", []), currency, manner)
        self.usage.fill(nodes(usage), currency, manner, has_more=goes_on(usage))
