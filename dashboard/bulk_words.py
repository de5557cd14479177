"""What a batch is about to do, does and has done, in words."""

from dashboard.bulk_batch import PASSING, Batch, Stage
from dashboard.bulk_lines import Line, State
from dashboard.components.data_table import Badge, Column, Row
from dashboard.counting import counted
from dashboard.format import Currency, Manner

KINDS: dict[str, tuple[State, ...]] = {
    "All": tuple(State),
    "To do": (State.WAITING, State.READY, State.UNSURE),
    "Done": (State.DONE, State.ALREADY),
    "Not done": (State.MISTAKE, State.REFUSED),
}
TONES = {
    State.WAITING: "muted",
    State.MISTAKE: "danger",
    State.READY: "info",
    State.ALREADY: "muted",
    State.DONE: "positive",
    State.REFUSED: "danger",
    State.UNSURE: "warn",
}
COLUMNS: list[Column] = [
    {"name": "owner", "label": "Wallet"},
    {"name": "state", "label": "Status"},
    {"name": "amount", "label": "Amount", "align": "right"},
    {"name": "after", "label": "Total after", "align": "right"},
    {"name": "notes", "label": "Notes", "wide": True},
]
GOES_ON = (
    "It goes on when you leave or reload this page. Should the server restart, send the same file again: "
    "what is paid is not paid twice."
)


def how_far(batch: Batch) -> str:
    """In a sentence or two, what stage it is at."""
    counts = batch.count()
    if batch.stage in (Stage.NEW, Stage.CHECKING):
        return f"{batch.attempted:,} of {counted(batch.goal, 'line')} checked. Nothing is paid yet."
    if batch.stage is Stage.RUNNING:
        return f"{batch.attempted:,} of {counted(batch.goal, 'line')} carried out. {GOES_ON}"
    if batch.stage is Stage.STOPPED:
        return stopped(batch)
    if batch.stage is Stage.READY and batch.left:
        return "Nothing is paid yet. Look through the lines, then confirm."
    if batch.stage is Stage.READY:
        return "There is nothing to do." if not counts[State.ALREADY] else "All that can be done has been done before."
    return f"{counted(counts[State.DONE] + counts[State.ALREADY], 'wallet')} topped up."


def stopped(batch: Batch) -> str:
    """Why, and what to do."""
    why = ""
    if batch.problem is not None:
        away = batch.problem.code in PASSING
        why = "The server cannot be reached. " if away else f"{batch.problem} "
    left = len(batch.left) if batch.was_run else sum(line.state is State.WAITING for line in batch.lines)
    return f"{why}Stopped with {counted(left, 'line')} left. Go on when you like: what is done counts once."


def consequences(batch: Batch) -> list[str]:
    """What it does besides the balances."""
    ready = batch.left
    invoices, unlocked = sum(len(line.settled) for line in ready), sum(line.unlocks for line in ready)
    words = [f"Pays {counted(invoices, 'invoice')}"] if invoices else []
    return [*words, f"Unlocks {counted(unlocked, 'wallet')}"] if unlocked else words


def warnings(batch: Batch) -> list[str]:
    """What to look at before going on."""
    counts, words = batch.count(), list[str]()
    left_out = counts[State.MISTAKE]
    if left_out:
        out = (
            "was left out"
            if left_out == 1 and batch.was_run
            else "were left out"
            if batch.was_run
            else "will be left out"
        )
        words.append(f"{counted(left_out, 'line')} cannot be done and {out}: see “Not done”.")
    recent = sum(bool(line.words) for line in batch.lines if line.state is State.READY)
    if recent:
        had = "has had as much" if recent == 1 else "have had as much"
        words.append(f"{counted(recent, 'wallet')} {had} within a day already: look at the notes before you go on.")
    return words


def row(line: Line, manner: Manner, *, is_busy: bool) -> Row:
    """One line of the file."""
    owner = line.wallet["owner"]["name"] if line.wallet else line.reference or "—"
    named = f" · {line.reference}" if line.wallet else ""
    shown: Row = {
        "id": str(line.number),
        "cells": {
            "owner": {"text": owner, "sub": f"Line {line.number:,}{named}"},
            "state": {"text": "", "badges": [badge(line, is_busy=is_busy)]},
            "amount": {"text": amount(line, manner), "tone": "strong"},
            "after": {"text": ""},
            "notes": {"text": notes(line), "sub": line.description},
        },
    }
    if line.currency is not None and line.after is not None and line.before is not None:
        before = f"from {manner.money(line.before, line.currency)}"
        shown["cells"]["after"] = {"text": manner.money(line.after, line.currency), "sub": before}
    if line.operation_id:
        shown["href"] = f"/operation/{line.operation_id}"
    elif line.wallet is not None:
        shown["href"] = f"/wallet/{line.wallet['id']}"
    return shown


def badge(line: Line, *, is_busy: bool) -> Badge:
    """What has become of it."""
    if line.state is State.UNSURE and is_busy:
        return {"text": "Under way", "tone": "info"}
    return {"text": line.state.value, "tone": TONES[line.state]}


def amount(line: Line, manner: Manner) -> str:
    """As it was read, or as it was written."""
    return manner.money(line.minor, line.currency) if line.currency is not None and line.minor else line.typed


def notes(line: Line) -> str:
    """What is wrong, or what else it does."""
    invoices = f"Pays {', '.join(line.settled)}." if line.settled else ""
    unlocks = "Unlocks the wallet." if line.unlocks else ""
    return " ".join(part for part in (line.words, invoices, unlocks) if part)


def sums(batch: Batch, states: tuple[State, ...], manner: Manner) -> list[tuple[Currency, str, str]]:
    """Per currency: how many wallets, and how much together."""
    return [
        (total.currency, counted(total.lines, "wallet"), manner.money(total.minor, total.currency))
        for total in batch.totals(*states)
    ]
