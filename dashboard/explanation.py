"""From one balance to another, step by step, as it is drawn and as it is told; it adds up or says that it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Literal, TypedDict

from dashboard.format import Currency, Manner
from dashboard.shapes.explanation import Explanation, Step
from dashboard.shapes.wallets import State

SCALE = 10_000
"""A drawing is so many units wide."""
STEPS = {
    ("CREDIT", "TOP_UP"): "Top-ups",
    ("CREDIT", "ADJUSTMENT"): "Added by hand",
    ("DEBIT", "ADJUSTMENT"): "Taken out by hand",
    ("CREDIT", "TRANSFER"): "Transfers in",
    ("DEBIT", "TRANSFER"): "Transfers out",
    ("DEBIT", "INVOICE"): "Invoices collected",
    ("CREDIT", "INVOICE"): "Invoices credited",
    ("HOLD", "INVOICE"): "Held for invoices",
    ("HOLD", "HOLD"): "Holds placed",
    ("DEBIT", "HOLD"): "Holds captured",
    ("RELEASE", "HOLD"): "Holds released",
    ("RELEASE", "HOLD_EXPIRED"): "Holds expired",
    ("RELEASE", "VOID"): "Released by voiding invoices",
    ("DUE", "INVOICE"): "Invoices fell due",
    ("DUE", "SETTLED"): "Due invoices settled",
    ("DUE", "VOID"): "Due invoices voided",
    ("CREDIT", "VOID"): "Paid back by voiding invoices",
    ("DEBIT", "VOID"): "Credits taken back by voiding",
    ("CREDIT", "REVERSAL"): "Given back by reversals",
    ("DEBIT", "REVERSAL"): "Taken back by reversals",
}
FINEST = {"INR": "to the paisa", "USD": "to the cent", "EUR": "to the cent", "GBP": "to the penny"}
Measure = Literal["Total", "Available", "Locked", "Due"]
MEASURES: tuple[Measure, ...] = ("Total", "Available", "Locked", "Due")


class Bar(TypedDict):
    """A row of the drawing: from where to where its bar goes, in units of SCALE, and its words."""

    kind: Literal["state", "up", "down"]
    label: str
    sub: str
    figure: str
    start: int
    end: int
    href: str


@dataclass(frozen=True)
class Change:
    """One step of one measure, in minor units."""

    type: str
    reason: str
    count: int
    minor: int


def changes(steps: Sequence[Step], measure: Measure) -> list[Change]:
    """Those that change it: first what raises it, then what lowers it, so that it is never below nothing on the way."""
    found = [Change(step["type"], step["reason"], step["transactions"], minor_of(step, measure)) for step in steps]
    return sorted((change for change in found if change.minor), key=lambda change: change.minor < 0)


def minor_of(step: Step, measure: Measure) -> int:
    """What a step changed of a measure."""
    amount, locked, due = (int(Decimal(step[name])) for name in ("amountMinor", "lockedAmountMinor", "dueAmountMinor"))
    return {"Total": amount, "Available": amount - locked, "Locked": locked, "Due": due}[measure]


def state_of(state: State, measure: Measure) -> int:
    """A measure at one end."""
    balance = state["balance"]
    return {
        "Total": balance["total"],
        "Available": balance["available"],
        "Locked": balance["locked"],
        "Due": state["lock"]["amountDue"],
    }[measure]


def adds_up(explanation: Explanation, measure: Measure) -> bool:
    """Whether the first state and all steps come to the last state, exactly."""
    steps = sum(minor_of(step, measure) for step in explanation["steps"])
    return state_of(explanation["from"], measure) + steps == state_of(explanation["until"], measure)


def told(explanation: Explanation, measure: Measure, currency: Currency, manner: Manner) -> str:
    """The sum in a sentence."""
    begin, end = (manner.money(state_of(explanation[side], measure), currency) for side in ("from", "until"))
    if not adds_up(explanation, measure):
        return f"This does not add up: {begin} and these steps do not come to {end}. Run tijori verify on this store."
    if not (moved := [change.minor for change in changes(explanation["steps"], measure)]):
        return f"Nothing changed it: {begin} all along."
    raised, lowered = sum(m for m in moved if m > 0), sum(m for m in moved if m < 0)
    ways = [manner.money(way, currency, signed=True) for way in (raised, lowered) if way]
    exactly = FINEST.get(currency.code, "exactly")
    return f"{begin} {' '.join(ways)} = {end}. It adds up {exactly}."


def bars(
    explanation: Explanation,
    measure: Measure,
    currency: Currency,
    manner: Manner,
    *,
    names: tuple[str, str],
    href: str,
) -> list[Bar]:
    """The drawing's rows: the first state, the steps, the last state. `href` is the log's address of this time."""
    moved = changes(explanation["steps"], measure)
    begin, end = (state_of(explanation[side], measure) for side in ("from", "until"))
    levels = [*accumulate((change.minor for change in moved), initial=begin)]
    top = max(*levels, end, 1)
    rows = [state_bar(names[0], begin, top, currency, manner)]
    for change, before, after in zip(moved, levels[:-1], levels[1:], strict=True):
        rows.append(
            {
                "kind": "up" if change.minor > 0 else "down",
                "label": STEPS.get((change.type, change.reason), f"{change.type} {change.reason}".capitalize()),
                "sub": f"{change.count:,} transaction{'' if change.count == 1 else 's'}",
                "figure": manner.money(change.minor, currency, signed=True),
                "start": before * SCALE // top,
                "end": after * SCALE // top,
                "href": f"{href}&type={change.type}&reason={change.reason}",
            }
        )
    return [*rows, state_bar(names[1], end, top, currency, manner)]


def state_bar(name: str, minor: int, top: int, currency: Currency, manner: Manner) -> Bar:
    """A row from nothing to where it stands."""
    figure = manner.money(minor, currency)
    width = minor * SCALE // top
    return {"kind": "state", "label": name, "sub": "", "figure": figure, "start": 0, "end": width, "href": ""}
