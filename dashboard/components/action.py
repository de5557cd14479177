"""An action in a dialog: what is asked, what would happen, one confirmation, what happened.

One opening is one action: its key is made here and used for every attempt, so that it happens once.
"""

import uuid
from typing import Any, ClassVar

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from dashboard.client import REQUEST_TIMEOUT_SECONDS, ApiError
from dashboard.components.dialog import Dialog
from dashboard.components.text import Text, box
from dashboard.session import Visit
from dashboard.words import UNANSWERED

UNSURE = f"{UNANSWERED} Confirm again: it counts once."
UNSURE_OF_ANOTHER = f"{UNANSWERED} Close this and look whether it is there, before you make another."


class Action:
    """A mutation whose document calls its answer `result`. Subclasses name it and put it into words."""

    title: ClassVar[str]
    verb: ClassVar[str]
    document: ClassVar[str]
    """Of operations.graphql."""
    success: ClassVar[str]
    """The result's type where it was done."""
    has_dry_run: ClassVar[bool] = True
    invitation: ClassVar[str] = "What would happen is shown here before anything is done."
    """What stands there until then."""
    is_dangerous: ClassVar[bool] = False
    makes_another: ClassVar[bool] = False
    """Whether done twice it makes two: the API takes no key for it."""
    patience_seconds: ClassVar[float] = REQUEST_TIMEOUT_SECONDS

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.key = uuid.uuid4().hex
        self.asked = 0
        self.is_previewed = False
        """Whether what would happen is shown."""
        self.dialog = Dialog(self.title, self.confirm)
        self.dialog.verb.show(self.verb)
        if self.is_dangerous:
            self.dialog.button.classes(add="t-btn--danger", remove="t-btn--primary")
        with self.dialog.body:
            self.fields()
            self.preview = box("t-preview").props("aria-live=polite")
        self.hint()
        self.dialog.open()

    def fields(self) -> None:
        """What the person says. `self.ask` hears each field, `self.weigh` those that change nothing of the preview."""

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """The document's variables; None while something is missing, with words at its field where they help."""
        raise NotImplementedError

    def is_whole(self) -> bool:
        """Whether there is what only doing it needs, such as a reason."""
        return True

    def outlook(self, result: dict[str, Any] | None) -> None:
        """Draws what would happen, from the dry run's answer (None where there is none)."""
        raise NotImplementedError

    def announce(self, result: dict[str, Any]) -> str:
        """What happened, in a sentence."""
        raise NotImplementedError

    def refused(self, result: dict[str, Any]) -> str:
        """Why not, and what to do."""
        return str(result["message"])

    async def done(self, result: dict[str, Any]) -> None:
        """What follows, once it is done."""

    async def ask(self) -> None:
        """Asks what would happen; nothing is written. An answer that was overtaken is dropped."""
        self.asked += 1
        question = self.asked
        self.is_previewed = False
        self.weigh()
        self.dialog.say(None)
        if (given := self.variables(dry_run=True)) is None:
            self.hint()
            return
        result = await self.send(given) if self.has_dry_run else None
        if question != self.asked or not self.dialog.is_open or (self.has_dry_run and result is None):
            return
        self.foretell(result)
        self.is_previewed = True
        self.weigh()

    async def look_again(self) -> None:
        """Asks once more: as long as the answer reads the same, what is shown can be confirmed."""
        if (given := self.variables(dry_run=True)) is None:
            return
        self.asked += 1
        question, before = self.asked, self.words()
        result = await self.send(given)
        if question != self.asked or not self.dialog.is_open or result is None:
            return
        self.foretell(result)
        if self.words() != before:
            self.dialog.allow(False)
        self.weigh()

    def foretell(self, result: dict[str, Any] | None) -> None:
        """Shows what would happen."""
        self.preview.clear()
        with self.preview:
            self.outlook(result)

    def words(self) -> list[str]:
        """What the preview says."""
        return [part.text for part in self.preview.descendants() if isinstance(part, TextElement)]

    def weigh(self) -> None:
        """May be confirmed once what would happen is shown, and nothing is missing."""
        self.dialog.allow(self.is_previewed and self.is_whole())

    async def confirm(self) -> None:
        """Does what the preview shows. Pressed twice or tried again, it still happens once."""
        if (given := self.variables(dry_run=False)) is None:
            return
        self.asked += 1  # what is still being asked is overtaken
        self.dialog.work(True)
        result = await self.send(given, for_real=True)
        self.dialog.work(False)
        if result is not None:
            self.dialog.close()
            ui.notify(self.announce(result), type="positive", position="bottom")
            await self.done(result)

    async def send(self, given: dict[str, object], *, for_real: bool = False) -> dict[str, Any] | None:
        """The result where it is, or would be, done; None, with words, where not. What was overtaken says nothing."""
        question = self.asked
        try:
            answer = await self.visit.api.wait_for(self.document, given, self.patience_seconds)
            result = answer["result"]
        except ApiError as error:
            if error.code == "UNAUTHENTICATED":
                self.visit.expire()
            if for_real or question == self.asked:
                unsure = UNSURE_OF_ANOTHER if self.makes_another else UNSURE
                self.dialog.say(unsure if for_real and error.code == "UNAVAILABLE" else str(error))
            return None
        if not for_real and question != self.asked:
            return None
        if not isinstance(result, dict):  # some mutations answer a plain yes
            return {"done": result}
        if result["__typename"] != self.success:
            self.is_previewed = False
            self.hint()
            self.weigh()
            if for_real and result["__typename"] == "VersionConflict":
                await self.ask()  # what would happen now
            self.dialog.say(self.refused(result))
            return None
        return result

    def hint(self) -> None:
        """Nothing to show yet."""
        self.preview.clear()
        with self.preview:
            Text(self.invitation, "t-preview__hint", tag="p")

    def line(self, words: str, tone: str = "") -> None:
        """One consequence, inside `outlook`."""
        Text(words, f"t-preview__line {f't-tone--{tone}' if tone else ''}", tag="p")
