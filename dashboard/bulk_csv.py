"""What has become of a batch, as a file: all of it, or what was not done, in a shape that can be sent again."""

from collections.abc import Iterable, Iterator

from dashboard.bulk_lines import Line, State
from dashboard.log_csv import as_row, defused, major

MARK = "\ufeff"
COLUMNS = (
    "line", "wallet", "owner", "currency", "amount", "amountMinor", "description",
    "result", "why", "totalBefore", "totalAfter", "settledInvoices", "unlocked", "operationId",
)  # fmt: skip
AGAIN = ("wallet", "amount", "currency", "description", "why")
PAID = (State.DONE, State.ALREADY)


def results(lines: Iterable[Line]) -> Iterator[str]:
    """A row for each line of the file."""
    yield MARK + as_row(COLUMNS)
    for line in lines:
        yield as_row([defused(value) if isinstance(value, str) else value for value in cells(line)])


def cells(line: Line) -> list[object]:
    """In the columns' order; figures exactly, for programs to read."""
    currency = line.currency
    figures = [
        major(minor, currency) if currency is not None and minor is not None else ""
        for minor in (line.minor or None, line.before, line.after)
    ]
    return [
        line.number,
        line.wallet["id"] if line.wallet else line.reference,
        line.wallet["owner"]["name"] if line.wallet else "",
        currency.code if currency else line.code,
        figures[0] or line.typed,
        line.minor or "",
        line.description,
        line.state.value,
        line.words,
        figures[1],
        figures[2],
        " ".join(line.settled),
        "yes" if line.unlocks else "",
        line.operation_id,
    ]


def rest(lines: Iterable[Line]) -> Iterator[str]:
    """What was not done, as it was written, and why: mended, it is a file to send."""
    yield MARK + as_row(AGAIN)
    for line in lines:
        if line.state not in PAID:
            yield as_row(
                [defused(cell) for cell in (line.reference, line.typed, line.code, line.description, line.words)]
            )
