"""Actions that move a wallet's money: an amount is typed, and the wallet's balances are shown before and after."""

from collections.abc import Callable
from typing import Any, ClassVar

from nicegui import ui

from dashboard.components.action import Action
from dashboard.components.preview import outcome
from dashboard.format import UnreadableError, parse_amount
from dashboard.session import Visit
from dashboard.shapes.wallets import Wallet, WalletLabel, currency_of
from dashboard.words import refusal


class MoneyAction(Action):
    """One opening is one operation. `wallet` gives the wallet that it is about."""

    success: ClassVar[str] = "MoneyPayload"

    def __init__(self, visit: Visit, wallet: Callable[[], Wallet | WalletLabel]) -> None:
        self.wallet = wallet
        self.currency = currency_of(wallet())
        super().__init__(visit)

    def outlook(self, result: dict[str, Any] | None) -> None:
        """The balances before and after."""
        assert result is not None
        outcome(result, self.currency, self.visit.manner)

    def refused(self, result: dict[str, Any]) -> str:
        """With its figures."""
        return refusal(result, self.currency, self.visit.manner)

    async def moved(self) -> None:
        """The wallet has changed while this is open: what would happen may be different, or possible by now."""
        if not self.dialog.is_open or self.dialog.busy:
            return
        await (self.look_again() if self.is_previewed else self.ask())

    def money(self, minor: int) -> str:
        """An amount of this wallet."""
        return self.visit.manner.money(minor, self.currency)

    def typed(self, minor: int) -> str:
        """An amount as a person types it."""
        return self.visit.manner.amount(minor, self.currency.exponent)


def words_of(field: ui.input) -> str:
    """What is typed in a line of text."""
    return (field.value or "").strip()


def amount_of(field: ui.input, action: MoneyAction, *, takes_zero: bool = False) -> int | None:
    """The amount that is typed, in minor units; None, with words at the field, where it is none."""
    field.error = None
    if not words_of(field):
        return None
    try:
        minor = parse_amount(words_of(field), action.currency)
    except UnreadableError as problem:
        field.error = str(problem)
        return None
    if not minor and not takes_zero:
        field.error = "Type more than nothing."
        return None
    return minor
