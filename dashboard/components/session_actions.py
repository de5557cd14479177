"""Ending sessions, and changing one's password."""

from typing import Any

from dashboard.client import ApiError
from dashboard.components.action import Action
from dashboard.components.fields import check_field, text_field
from dashboard.components.strength import StrengthMeter
from dashboard.devices import device
from dashboard.session import Visit
from dashboard.shapes.access import PasswordStrength, Session


class EndSession(Action):
    """Signs one other place out."""

    title = "End this session"
    verb = "End session"
    document = "EndSession"
    success = ""
    has_dry_run = False
    is_dangerous = True

    def __init__(self, visit: Visit, session: Session) -> None:
        self.session = session
        super().__init__(visit)

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Which one."""
        return {"id": self.session["id"]}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """Who is signed out there."""
        session, manner = self.session, self.visit.manner
        self.line(f"{device(session['userAgent'])}, at {session['address']}, is signed out within seconds.", "strong")
        self.line(f"It was last used {manner.moment(session['lastSeenAt'])}. Whoever is there has to sign in again.")

    def announce(self, result: dict[str, Any]) -> str:
        """Where."""
        return f"{device(self.session['userAgent'])} is signed out."


class EndOtherSessions(Action):
    """Signs all other places out."""

    title = "End all other sessions"
    verb = "End all others"
    document = "EndOtherSessions"
    success = ""
    has_dry_run = False
    is_dangerous = True

    def __init__(self, visit: Visit, others: int) -> None:
        self.others = others
        super().__init__(visit)

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """It needs none."""
        return {}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """How many, and what stays."""
        self.line(f"{places(self.others)} signed out within seconds. You stay signed in here.", "strong")
        self.line("API tokens go on working: revoke them below where they are lost, too.")

    def announce(self, result: dict[str, Any]) -> str:
        """How many."""
        return f"{places(result['done'])} signed out."


def places(count: int) -> str:
    """`1 other place is`, `3 other places are`."""
    return "1 other place is" if count == 1 else f"{count} other places are"


class ChangePassword(Action):
    """The old one, the new one, and what the API thinks of it as it is typed."""

    title = "Change your password"
    verb = "Change password"
    document = "ChangePassword"
    invitation = "A new password signs you out everywhere but here. API tokens go on working."
    success = "UserPayload"
    has_dry_run = False

    def __init__(self, visit: Visit, others: int) -> None:
        self.others = others
        self.judged: PasswordStrength | None = None
        super().__init__(visit)

    def fields(self) -> None:
        """Both, hidden until asked to be shown."""
        self.old = text_field("Old password", self.ask, props="type=password autocomplete=current-password")
        self.new = text_field("New password", self.ask, props="type=password autocomplete=new-password")
        self.meter = StrengthMeter()
        self.shown = check_field("Show what I type", self.turn)

    def turn(self) -> None:
        """Shows what is typed, or hides it."""
        for field in (self.old, self.new):
            field.props["type"] = "text" if self.shown.value else "password"
            field.update()

    async def ask(self) -> None:
        """The new one is judged by itself, whatever the old one is."""
        await self.judge()
        await super().ask()

    async def judge(self) -> None:
        """What the API thinks of what stands there now; an answer that was overtaken is dropped."""
        new = self.new.value or ""
        if not new:
            self.judged = None
            self.meter.show(None)
            return
        try:
            judged = (await self.visit.api.send("PasswordStrength", password=new))["passwordStrength"]
        except ApiError as error:
            self.judged = None
            self.dialog.say(str(error))
            return
        if new == self.new.value and self.dialog.is_open:
            self.judged = judged
            self.meter.show(judged)

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Once both are there and the new one would be taken."""
        old, new = self.old.value or "", self.new.value or ""
        if not old or not new or self.judged is None or self.judged["problem"] is not None:
            return None
        return {"old": old, "new": new}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What else it does."""
        self.line("From now on you sign in with the new one.", "strong")
        self.line(
            f"{places(self.others)} signed out within seconds." if self.others else "You are signed in here only."
        )

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return "Your password is changed. You are signed in here only."
