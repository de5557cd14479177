"""Where the viewer is signed in, and what ends it; and their password."""

from collections.abc import Sequence

from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.data_table import Cell, Column, DataTable, Row
from dashboard.components.session_actions import ChangePassword, EndOtherSessions, EndSession
from dashboard.components.text import Text, box
from dashboard.devices import device
from dashboard.format import Manner
from dashboard.session import Visit
from dashboard.shapes.access import Session

COLUMNS: tuple[Column, ...] = (
    {"name": "device", "label": "Device", "wide": True},
    {"name": "state", "label": "Which"},
    {"name": "address", "label": "Address"},
    {"name": "since", "label": "Signed in"},
    {"name": "seen", "label": "Last seen"},
    {"name": "acts", "label": "Actions", "align": "right"},
)
FEW = 5


class SessionCard:
    """Asks for the viewer's own sessions and shows them."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.sessions: list[Session] = []
        self.table: DataTable | None = None
        with box("t-card", "section").props('aria-label="Your sessions"'):
            with box("t-card__head"):
                Text("Your sessions", "t-h2", tag="h2")
                with box("t-actions"):
                    with box("t-btn t-btn--small", "button").props("type=button").on("click", self.change_password):
                        Text("Change password")
                    with box("t-btn t-btn--small", "button").props("type=button").on("click", self.end_others) as ends:
                        Text("End all others")
            self.ends = ends
            self.body = box("t-card__body")
            with self.body:
                states.skeleton(2)
            self.foot = box("t-pager")
            with self.foot, box("t-btn t-btn--small", "button").props("type=button").on("click", self.unfold):
                self.more = Text("")
            self.dialogs = box("")
        self.foot.set_visibility(False)
        self.is_unfolded = False
        self.ends.set_visibility(False)

    async def load(self) -> None:
        """Asks and shows; says here why there is nothing to show.

        Raises ApiError where it must be signed in to again, and where what is shown could not be asked for again.
        """
        try:
            self.accept((await self.visit.api.send("Sessions"))["sessions"])
        except ApiError as error:
            if error.code == "UNAUTHENTICATED" or self.table is not None:
                raise
            self.body.clear()
            with self.body:
                states.failed(error, self.load)

    def accept(self, sessions: list[Session]) -> None:
        """Shows these, this one first."""
        self.sessions = sorted(sessions, key=lambda one: not one["current"])
        self.ends.set_visibility(self.others > 0)
        if self.table is None:
            self.body.clear()
            with self.body:
                self.table = DataTable("Your sessions", COLUMNS)
            self.table.on_act(self.act)
        self.more.show(f"Show all {len(self.sessions)}")
        self.foot.set_visibility(len(self.sessions) > FEW and not self.is_unfolded)
        shown = self.sessions if self.is_unfolded else self.sessions[:FEW]
        self.table.show(rows(shown, self.visit.manner))

    def unfold(self) -> None:
        """Shows all."""
        self.is_unfolded = True
        self.accept(self.sessions)

    @property
    def others(self) -> int:
        """How many there are besides this one."""
        return sum(not one["current"] for one in self.sessions)

    async def act(self, session_id: str, _: str) -> None:
        """One of them is to be ended."""
        session = next((one for one in self.sessions if one["id"] == session_id), None)
        if session is not None:
            with self.dialogs:
                await EndSession(self.visit, session).ask()

    async def end_others(self) -> None:
        """All of them but this one."""
        with self.dialogs:
            await EndOtherSessions(self.visit, self.others).ask()

    def change_password(self) -> None:
        """Opens the dialog."""
        with self.dialogs:
            ChangePassword(self.visit, self.others)


def rows(sessions: Sequence[Session], manner: Manner) -> list[Row]:
    """A row for each; the one that asks is ended by signing out."""
    return [{"id": one["id"], "cells": cells(one, manner)} for one in sessions]


def cells(session: Session, manner: Manner) -> dict[str, Cell]:
    """What is said of one."""
    words = device(session["userAgent"])
    here: Cell = {"text": "", "badges": [{"text": "This one", "tone": "positive"}]}
    end = {"name": "end", "words": "End", "label": f"End the session of {words} at {session['address']}"}
    return {
        "device": {"text": words},
        "state": here if session["current"] else {"text": ""},
        "address": {"text": session["address"] or "unknown"},
        "since": {"text": manner.moment(session["createdAt"])},
        "seen": {"text": manner.moment(session["lastSeenAt"])},
        "acts": {"text": ""} if session["current"] else {"text": "", "acts": [end]},  # type: ignore[list-item]
    }
