"""The balance at any instant of the past, looked up in the log and said in words."""

from collections.abc import Callable
from datetime import datetime

from dashboard.client import ApiError
from dashboard.components.fields import instant_of, moment_field
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, at
from dashboard.session import Visit
from dashboard.shapes.wallets import State, Wallet, currency_of
from dashboard.words import lock_title


class MomentPanel:
    """A day and a minute, and what was so then."""

    def __init__(self, visit: Visit, wallet: Callable[[], Wallet]) -> None:
        self.visit = visit
        self.wallet = wallet
        self.asked = 0
        with box("t-card", "section").props('aria-label="Balance at any instant"'):
            with box("t-card__head"):
                Text("Balance at any instant", "t-h2", tag="h2")
                Text("As the log says it", "t-sub")
            with box("t-toolbar t-fields t-toolbar--last"):
                self.moment = moment_field("Day and minute", self.ask)
                self.answer = Text("Pick a day and a minute.", "t-moment", tag="p").props("role=status")

    async def ask(self) -> None:
        """Asks how it stood; an answer that was overtaken is dropped."""
        self.asked += 1
        question, instant = self.asked, instant_of(self.moment.value, self.visit.manner)
        if instant is None:
            self.answer.show("Pick a day and a minute.")
            return
        try:
            answer = await self.visit.api.send("WalletAsOf", id=self.wallet()["id"], time=instant)
        except ApiError as error:
            if error.code == "UNAUTHENTICATED":
                self.visit.expire()
            self.answer.show(str(error))
            return
        if question == self.asked and answer["wallet"] is not None:
            words = stood(answer["wallet"]["asOf"], instant, currency_of(self.wallet()), self.visit.manner)
            self.answer.show(words)


def stood(state: State, instant: str, currency: Currency, manner: Manner) -> str:
    """How a wallet stood: its balances, what it owed, its locks."""
    balance, lock = state["balance"], state["lock"]
    to_come = at(state["time"]) < datetime.fromisoformat(instant)
    when = "That is yet to come. Now" if to_come else f"On {manner.moment(instant)}"
    held = f", {manner.money(balance['locked'], currency)} of it locked" if balance["locked"] else ""
    due = f" {manner.money(lock['amountDue'], currency)} was due." if lock["amountDue"] else " Nothing was due."
    locked = f" {lock_title(lock, manner)}." if lock["locked"] else " It was open."
    return (
        f"{when}: {manner.money(balance['total'], currency)} in total{held}, "
        f"{manner.money(balance['available'], currency)} available.{due}{locked}"
    )
