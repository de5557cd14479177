"""Audit: who changed what, with before and after."""

from typing import Any

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard import days
from dashboard.address import show_address
from dashboard.audit_words import ACTIONS, Names, mentioned
from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.audit_list import AuditList, audit_rows
from dashboard.components.banner import Banner
from dashboard.components.fields import choice_field, day_field
from dashboard.components.icon import Icon
from dashboard.components.listing import PagedList
from dashboard.components.person_picker import PersonPicker
from dashboard.components.text import Text, box
from dashboard.nav import ADMINS
from dashboard.page import Page, shown, title
from dashboard.session import Desk, Visit
from dashboard.shapes.audit import AuditEntry, Known, known

# As many ids as the API takes at once.
MOST_NAMES = 50
SYSTEM = ("system", "The system", "")
FILTERS = ("subject", "actor", "action", "from", "until")


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/audit", title="Audit · Tijori")
    async def audit(request: Request) -> Response | None:
        asked = {name: request.query_params.get(name, "") for name in FILTERS}
        return await shown(
            desk,
            request,
            active="/audit",
            make=lambda visit, banner: AuditPage(visit, banner, asked),
            roles=ADMINS,
        )


class AuditListing(PagedList[AuditEntry]):
    """Entries under their days instead of rows of a table; those that have come meanwhile are highlighted."""

    def __init__(self, page: "AuditPage") -> None:
        self.page = page
        self.list: AuditList | None = None
        self.seen: set[str] = set()
        super().__init__("entries", ask=page.ask, empty=page.explain_emptiness, expire=page.visit.expire)

    @property
    def is_first_page(self) -> bool:
        """Where new entries appear; the other pages stay as they are."""
        return len(self.cursors) == 1

    async def start_over(self) -> bool:
        """Another list: nothing of it is news."""
        self.seen = set()
        return await super().start_over()

    def draw_items(self) -> None:
        """Other entries in the same list."""
        if self.list is None:
            self.begin_anew()
            with self.body:
                self.list = AuditList()
        ids = {entry["id"] for entry in self.items}
        news = ids - self.seen if self.seen and self.is_first_page else set()
        self.seen |= ids
        names = Names(self.page.known, self.page.visit.manner)
        self.list.show(audit_rows(self.items, names, dict.fromkeys(news, 1)))

    def begin_anew(self) -> None:
        """Without the list."""
        self.list = None
        super().begin_anew()


class AuditPage(Page):
    """What is asked for stands in the address, so that it can be sent to somebody."""

    kinds = ("AUDIT",)

    def __init__(self, visit: Visit, banner: Banner, asked: dict[str, str]) -> None:
        super().__init__(visit, banner)
        self.subject = asked["subject"]
        self.known: dict[str, Known] = {"system": {"name": SYSTEM[1], "currency": None}}
        self.unknown: set[str] = set()
        title("Audit", "Who changed what, and when. Movements of money are in the wallets' logs.")
        with box("t-card t-card--open"):
            self.build_filters(asked)
            self.listing = AuditListing(self)

    def build_filters(self, asked: dict[str, str]) -> None:
        """By who, what and when; by the thing where the address names one."""
        with box("t-toolbar t-audit__filters"):
            self.actor = PersonPicker("Who", self.visit, self.changed, always=[SYSTEM])
            if asked["actor"]:
                self.actor.pick((asked["actor"], self.name_of(asked["actor"]), ""))
            options = {"": "Everything", **{name: words[0].upper() + words[1:] for name, words in ACTIONS.items()}}
            chosen = asked["action"] if asked["action"] in options else ""
            self.action = choice_field("Did what", options, self.changed, value=chosen).props("dense")
            self.since = day_field("From", self.changed, value=asked["from"], props="dense")
            self.until = day_field("Until", self.changed, value=asked["until"], props="dense")
        with box("t-toolbar t-audit__about") as self.about:
            Icon("audit")
            self.about_words = Text("")
            box("t-space")
            with box("t-btn t-btn--small", "button").props("type=button").on("click", self.everything):
                Text("Show everything")
        self.about.set_visibility(bool(self.subject))

    async def name_what_is_asked(self) -> None:
        """Who and what the address names goes by its id until it is known what it is called."""
        asked = self.asked()
        await self.learn([one for one in (asked["actor"], asked["subject"]) if one])
        if (one := self.actor.picked) is not None and one[0] in self.known:
            self.actor.pick((one[0], self.name_of(one[0]), one[2]))
        self.about_words.show(f"Only what was done to {self.name_of(self.subject)}")

    def name_of(self, thing_id: str) -> str:
        """What it is called, or its id."""
        return Names(self.known, self.visit.manner).name(thing_id)

    async def refresh(self) -> None:
        """New entries come on the first page; on the others nothing moves under the reader."""
        await self.name_what_is_asked()
        if self.listing.is_first_page or not self.listing.items:
            await self.listing.load()

    async def changed(self) -> None:
        """Another list is asked for, which the address names."""
        show_address("/audit", self.asked())
        await self.listing.start_over()

    async def everything(self) -> None:
        """Not only what was done to one thing."""
        self.subject = ""
        self.about.set_visibility(False)
        await self.changed()

    def asked(self) -> dict[str, str]:
        """By the names that stand in the address."""
        return {
            "subject": self.subject,
            "actor": self.actor.picked[0] if self.actor.picked else "",
            "action": self.action.value or "",
            "from": self.since.value or "",
            "until": self.until.value or "",
        }

    async def ask(self, first: int, after: str | None) -> Any:
        """A page, and the names of all that is in it."""
        asked, manner = self.asked(), self.visit.manner
        answer = await self.visit.api.send(
            "Audit",
            first=first,
            after=after,
            subjectId=asked["subject"] or None,
            actor=asked["actor"] or None,
            action=asked["action"] or None,
            **{"from": days.begins(asked["from"], manner)},
            until=days.ends(asked["until"], manner),
        )
        page = answer["audit"]
        await self.learn(mentioned([edge["node"] for edge in page["edges"]]))
        return page

    async def learn(self, thing_ids: list[str]) -> None:
        """Asks once for each what it is called; what is gone, or nobody else's to see, goes by its id.

        So do all without an answer, and are asked for again the next time.
        """
        wanted = [one for one in thing_ids if one not in self.known and one not in self.unknown]
        for start in range(0, len(wanted), MOST_NAMES):
            some = wanted[start : start + MOST_NAMES]
            try:
                found = (await self.visit.api.send("AuditNames", ids=some))["nodes"]
            except ApiError:
                return
            self.known |= {node["id"]: known(node) for node in found if node is not None}
            self.unknown |= {one for one in some if one not in self.known}

    def explain_emptiness(self) -> None:
        """Nothing matches, or there is nothing yet."""
        if any(self.asked().values()):
            states.empty("Nothing matches", "Nobody has done that, or not then. Ask for less.")
        else:
            states.empty("Nothing has been changed yet", "Whatever anybody changes is written down here.")
