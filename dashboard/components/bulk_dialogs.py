"""What a batch is asked before it pays, and what it is called."""

import re
from collections.abc import Awaitable, Callable

from dashboard.bulk_batch import Batch
from dashboard.bulk_lines import State
from dashboard.bulk_words import consequences, sums, warnings
from dashboard.components.dialog import Dialog
from dashboard.components.fields import text_field
from dashboard.components.preview import consequence
from dashboard.components.text import Text, box
from dashboard.counting import counted
from dashboard.format import Manner

NAME = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,38}[A-Z0-9])?")


class ConfirmBatch:
    """The one confirmation, with what it comes to."""

    def __init__(self, batch: Batch, manner: Manner, run: Callable[[], None]) -> None:
        self.run = run
        wallets = counted(len(batch.left), "wallet")
        self.dialog = Dialog(f"Top up {wallets}", self.confirm)
        self.dialog.verb.show(f"Top up {wallets}")
        with self.dialog.body, box("t-preview"):
            with box("t-preview__rows", "dl"):
                for currency, count, money in sums(batch, (State.READY, State.UNSURE), manner):
                    Text(f"{currency.code}, {count}", tag="dt")
                    with box("", "dd"):
                        Text(money, "t-preview__after")
            for words in consequences(batch):
                consequence(words)
            for words in warnings(batch):
                consequence(words, warning=True)
        self.dialog.allow(True)
        self.dialog.open()

    async def confirm(self) -> None:
        """Begins it. Pressed twice, it is begun once."""
        self.dialog.work(True)
        self.run()
        self.dialog.close()


class NameBatch:
    """Another name makes another batch of the same lines; an earlier one's name continues that one."""

    def __init__(self, name: str, rename: Callable[[str], Awaitable[str | None]]) -> None:
        self.rename = rename
        self.dialog = Dialog("Name of the batch", self.confirm)
        self.dialog.verb.show("Use this name")
        with self.dialog.body:
            Text(
                "A batch tops each wallet up once. Sending an earlier file that you have mended? Type that batch’s "
                "name, and what it has paid is not paid again.",
                "t-sub",
                tag="p",
            )
            self.field = text_field("Name", self.weigh, value=name, props="maxlength=40 autofocus")
        self.dialog.open()

    def typed(self) -> str:
        """Names are in capitals."""
        return (self.field.value or "").strip().upper()

    def weigh(self) -> None:
        """Whether it can be a name."""
        fits = NAME.fullmatch(self.typed()) is not None
        self.field.error = None if fits else "Type letters, digits and hyphens, 40 at most."
        self.dialog.allow(fits)

    async def confirm(self) -> None:
        """Takes the name, or says why not."""
        problem = await self.rename(self.typed())
        self.dialog.say(problem)
        if problem is None:
            self.dialog.close()
