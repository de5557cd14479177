"""Why the balance is what it is: from one day to another as a waterfall that adds up."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from nicegui import ui

from dashboard.address import address
from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.chips import Chips
from dashboard.components.fields import day_field
from dashboard.components.text import Text, box
from dashboard.components.waterfall import Waterfall
from dashboard.days import begins, ends, just_before
from dashboard.explanation import MEASURES, bars, changes, told
from dashboard.format import at
from dashboard.session import Visit
from dashboard.shapes.explanation import Explanation
from dashboard.shapes.wallets import Wallet, currency_of

# Of what is to come the API knows nothing: it answers with the present.
EVER = "9999-12-31T00:00:00Z"
TODAY = "return tijori.today()"
STRETCHES = ("Since the beginning", "This month", "Last month", "Last 30 days")


class ExplainPanel:
    """Two days, and one of the four figures of a wallet. `tell` hears what belongs into the address bar."""

    def __init__(
        self,
        visit: Visit,
        wallet: Callable[[], Wallet],
        query: Mapping[str, str],
        tell: Callable[[dict[str, str]], None],
    ) -> None:
        self.visit = visit
        self.wallet = wallet
        self.tell = tell
        self.asked = 0
        self.explanation: Explanation | None = None
        self.drawn: object = None
        self.measure = next((one for one in MEASURES if one == query.get("of")), MEASURES[0])
        with box("t-card", "section").props('aria-label="Explain"'):
            with box("t-card__head"):
                Text("Explain the balance", "t-h2", tag="h2")
                Text("Every transaction between two days, by what it was", "t-sub")
            self.toolbar(query)
            self.body = box("t-card__body")
            with self.body:
                states.skeleton(5)

    def toolbar(self, query: Mapping[str, str]) -> None:
        """The days, some of them a click away, and which figure."""
        manner = self.visit.manner
        since, until = (day if begins(day, manner) else "" for day in (query.get("from", ""), query.get("until", "")))
        with box("t-toolbar t-fields"):
            self.since = day_field("From (whole day)", self.turn, value=since)
            self.until = day_field("Until (whole day)", self.turn, value=until)
            Chips("Which figure", MEASURES, self.measure, self.choose)
        with box("t-toolbar t-stretches"):
            for name in STRETCHES:
                with box("t-btn t-btn--small", "button").props("type=button").on("click", self.stretcher(name)):
                    Text(name)

    def stretcher(self, name: str) -> Callable[[], object]:
        """What fills in the days of a stretch."""

        async def fill() -> None:
            today = date.fromisoformat(str(await ui.run_javascript(TODAY, timeout=5)))
            since, until = stretch(name, today)
            self.since.set_value(since)
            self.until.set_value(until)

        return fill

    async def choose(self, measure: str) -> None:
        """Another figure of the same days."""
        self.measure = next(one for one in MEASURES if one == measure)
        self.told_address()
        self.draw()

    async def turn(self) -> None:
        """Other days."""
        self.told_address()
        await self.refresh()

    def told_address(self) -> None:
        """What is looked at, for the address bar."""
        given = {"from": self.since.value, "until": self.until.value, "of": self.measure}
        self.tell({name: value for name, value in given.items() if value and value != MEASURES[0]})

    async def refresh(self) -> None:
        """Asks, and draws; an answer that was overtaken is dropped."""
        self.asked += 1
        question, wallet, manner = self.asked, self.wallet(), self.visit.manner
        since = begins(self.since.value or "", manner) or wallet["createdAt"]
        until = ends(self.until.value or "", manner)
        if until and at(until) <= at(since):
            self.fail(ApiError("BAD_USER_INPUT", "The first day comes after the last one: turn them round."))
            return
        try:
            answer = await self.visit.api.send(
                "WalletExplain",
                id=wallet["id"],
                **{"from": just_before(since), "until": just_before(until) if until else EVER},
            )
        except ApiError as error:
            if question == self.asked:
                self.fail(error)
            return
        if question == self.asked and answer["wallet"] is not None and not self.body.is_deleted:
            self.explanation = answer["wallet"]["explain"]
            self.draw()

    def fail(self, error: ApiError) -> None:
        """Why not."""
        self.explanation = self.drawn = None
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
        elif not self.body.is_deleted:
            self.body.clear()
            with self.body:
                if error.code == "BAD_USER_INPUT":
                    states.empty("These days do not fit", str(error))
                else:
                    states.failed(error, self.refresh)

    def draw(self) -> None:
        """The sentence, and the drawing with its figures, where they are other ones: its links keep the focus."""
        if self.explanation is None:
            return
        currency, manner = currency_of(self.wallet()), self.visit.manner
        words = told(self.explanation, self.measure, currency, manner)
        steps = bars(
            self.explanation,
            self.measure,
            currency,
            manner,
            names=self.names(self.explanation),
            href=self.log_address(),
        )
        if (self.measure, words, steps) == self.drawn:
            return
        self.drawn = (self.measure, words, steps)
        self.body.clear()
        with self.body, box("t-explained"):
            Text(words, "t-explained__sum", tag="p").props("role=status")
            if changes(self.explanation["steps"], self.measure):
                Waterfall(f"{self.measure}, step by step").show(steps)

    def names(self, explanation: Explanation) -> tuple[str, str]:
        """What both ends are called."""
        manner = self.visit.manner
        began = (
            f"Before {manner.day(begins(self.since.value, manner) or '')}" if self.since.value else "At the beginning"
        )
        until = ends(self.until.value or "", manner)
        is_past = until is not None and at(explanation["until"]["time"]) >= at(just_before(until))
        ended = f"After {manner.day(begins(self.until.value, manner) or '')}" if is_past else "Now"
        return began, ended

    def log_address(self) -> str:
        """Of the log of these days."""
        given = {"tab": "activity", "from": self.since.value or "", "until": self.until.value or ""}
        return address(f"/wallet/{self.wallet()['id']}", given)


def stretch(name: str, today: date) -> tuple[str, str]:
    """Its first and its last day; nothing where it is open."""
    first = today.replace(day=1)
    if name == "This month":
        return first.isoformat(), ""
    if name == "Last month":
        last = first - timedelta(days=1)
        return last.replace(day=1).isoformat(), last.isoformat()
    if name == "Last 30 days":
        return (today - timedelta(days=29)).isoformat(), ""
    return "", ""
