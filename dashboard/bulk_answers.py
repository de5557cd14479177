"""What the API's answers make of a batch's lines: whose wallet, what it would do, what it did."""

from collections.abc import Iterable
from typing import Any

from dashboard.bulk_lines import Line, State
from dashboard.format import Manner, UnreadableError, parse_amount
from dashboard.shapes.wallets import WalletLabel, currency_of
from dashboard.words import refusal

UNKNOWN = (
    "No wallet is known by that, or two are: write the wallet's id, a phone with its country code, or your own id."
)
PAID_OTHERWISE = "This batch has paid this wallet already, with another amount or description."


def recognise(line: Line, wallet: WalletLabel | None) -> None:
    """Whose wallet it is, and how much that is in its currency."""
    if wallet is None:
        line.mistake(UNKNOWN)
        return
    line.wallet, line.currency = wallet, currency_of(wallet)
    if line.code and line.code != line.currency.code:
        line.mistake(f"The wallet is in {line.currency.code}, not in {line.code}.")
        return
    try:
        line.minor = parse_amount(line.typed, line.currency)
    except UnreadableError as problem:
        line.mistake(str(problem))
        return
    if not line.minor:
        line.mistake("The amount is nothing.")


def seek_doubles(lines: Iterable[Line]) -> None:
    """A batch tops a wallet up once: of two lines the second is a mistake."""
    first: dict[str, int] = {}
    for line in lines:
        if line.wallet is None or line.state is State.MISTAKE:
            continue
        number = first.setdefault(line.wallet["id"], line.number)
        if number != line.number:
            line.mistake(f"Line {number} is for the same wallet: put both into one line.")


def foresee(line: Line, result: dict[str, Any], manner: Manner) -> None:
    """What a line would do, from a dry run's result."""
    assert line.currency is not None
    if result["__typename"] == "IdempotencyConflict":
        line.operation_id = result["operationId"]
        line.mistake(PAID_OTHERWISE)
    elif result["__typename"] != "MoneyPayload":
        line.mistake(refusal(result, line.currency, manner))
    elif result["replayed"]:
        line.state, line.operation_id = State.ALREADY, result["operationId"]
        take_figures(line, result)
    else:
        line.state, line.words = State.READY, recently(line, result, manner)
        take_figures(line, result)


def conclude(line: Line, result: dict[str, Any], manner: Manner) -> None:
    """What a line has done."""
    assert line.currency is not None
    line.words = ""
    if result["__typename"] == "MoneyPayload":
        line.state = State.ALREADY if result["replayed"] else State.DONE
        line.operation_id = result["operationId"]
        take_figures(line, result)
        return
    line.state = State.REFUSED
    line.words = refusal(result, line.currency, manner)
    if result["__typename"] == "IdempotencyConflict":
        line.words, line.operation_id = PAID_OTHERWISE, result["operationId"]


def take_figures(line: Line, result: dict[str, Any]) -> None:
    """The total before and after, the invoices that it collects, and whether it unlocks."""
    first = result["transactions"][0]
    line.before = first["balanceAfterMinor"] - first["amountMinor"]
    line.after = result["transactions"][-1]["balanceAfterMinor"]
    line.settled = [invoice["number"] for invoice in result["settledInvoices"]]
    line.unlocks = any(transaction["type"] == "UNLOCK" for transaction in result["transactions"])


def recently(line: Line, result: dict[str, Any], manner: Manner) -> str:
    """A warning where the wallet has had the same amount within a day: the file may have come in another shape."""
    for edge in result["wallet"]["recent"]["edges"]:
        if edge["node"]["amountMinor"] == line.minor:
            return f"It was topped up with as much on {manner.moment(edge['node']['createdAt'])}."
    return ""
