"""Top-ups in a file: each line names a wallet and an amount. Here it is read, without asking anybody."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from dashboard.format import Currency
from dashboard.shapes.wallets import WalletLabel

MOST_LINES = 5_000
MOST_BYTES = 2**20
LONGEST_REFERENCE = 200
LONGEST_DESCRIPTION = 500
DELIMITERS = ",;\t"
WALLET, AMOUNT, DESCRIPTION, CURRENCY = "wallet", "amount", "description", "currency"
HEADINGS = {
    **dict.fromkeys(("wallet", "walletid", "phone", "phonenumber", "externalid", "tenant", "reference", "id"), WALLET),
    **dict.fromkeys(("amount", "topup"), AMOUNT),
    **dict.fromkeys(("description", "reason", "note"), DESCRIPTION),
    "currency": CURRENCY,
}
WITHOUT_HEADINGS = (WALLET, AMOUNT, DESCRIPTION)
REST_OF_AMOUNT = re.compile(r"\d{3}(\.\d*)?", re.ASCII)
# Without what is easily mistaken for something else.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class FileError(ValueError):
    """A file of which nothing can be used; the message is for the person who sent it."""


class State(StrEnum):
    """What has become of a line, as it is called on the page."""

    WAITING = "Not checked yet"
    MISTAKE = "Mistake"
    READY = "To do"
    ALREADY = "Done already"
    DONE = "Done"
    REFUSED = "Refused"
    UNSURE = "Unsure"


@dataclass(slots=True)
class Line:
    """One top-up. `number` is the file's line, `flaw` what is wrong with it by itself; totals, settled invoices and
    `unlocks` are as the API says."""

    number: int
    reference: str
    typed: str
    description: str = ""
    code: str = ""
    state: State = State.WAITING
    words: str = ""
    flaw: str = ""
    wallet: WalletLabel | None = None
    currency: Currency | None = None
    minor: int = 0
    before: int | None = None
    after: int | None = None
    settled: list[str] = field(default_factory=list)
    unlocks: bool = False
    operation_id: str = ""

    def fresh(self) -> "Line":
        """As it was in the file, whatever has become of it; what was wrong with it by itself is so still."""
        again = Line(self.number, self.reference, self.typed, self.description, self.code, flaw=self.flaw)
        if self.flaw:
            again.mistake(self.flaw)
        return again

    def mistake(self, words: str) -> None:
        """It cannot be done as it stands."""
        self.state, self.words = State.MISTAKE, words


class Columns(NamedTuple):
    """At which places of a row what is found; a wallet may stand in one of several. `width`: of all there are."""

    by_name: dict[str, list[int]]
    width: int
    are_named: bool = True

    def cell(self, row: Sequence[str], name: str) -> str:
        """The first of these cells with something in it."""
        cells = (row[place].strip() for place in self.by_name.get(name, ()) if place < len(row))
        return next((cell for cell in cells if cell), "")


def decode(content: bytes) -> str:
    """Text as spreadsheets save it. Raises FileError."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileError("This is no text: save the sheet as CSV, and choose that file.")


def read_lines(text: str) -> list[Line]:
    """The lines that ask for something. Raises FileError."""
    rows = iter(rows_of(text))
    first = next(rows, None)
    if first is None:
        raise FileError("There is nothing in it: put a wallet and an amount on each line.")
    columns = headings(first[1])
    lines = [] if columns.are_named else [line_of(*first, columns)]
    for number, row in rows:
        lines.append(line_of(number, row, columns))
        if len(lines) > MOST_LINES:
            raise FileError(f"It has more than {MOST_LINES:,} lines: send it in parts.")
    if not lines:
        raise FileError("It has a heading and nothing under it: put a wallet and an amount on each line.")
    return lines


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, and the lines that they stand on."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter_of(text), strict=True)
    number = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield number, row
            number = reader.line_num + 1
    except csv.Error:
        raise FileError(f"Line {number} is no CSV: look for a quotation mark too many or too few.") from None


def delimiter_of(text: str) -> str:
    """What the first line is divided by."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def headings(row: Sequence[str]) -> Columns:
    """What the first row says of the columns; without headings they are wallet, amount, description."""
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(row):
        name = HEADINGS.get("".join(character for character in cell.casefold() if character.isalnum()))
        if name is not None:
            found.setdefault(name, []).append(place)
    if not found:
        return Columns({name: [place] for place, name in enumerate(WITHOUT_HEADINGS)}, len(WITHOUT_HEADINGS), False)
    if missing := [name for name in (WALLET, AMOUNT) if name not in found]:
        heading = {WALLET: "“wallet”, “phone” or “externalId”", AMOUNT: "“amount”"}[missing[0]]
        raise FileError(f"The first line names the columns, but none of them is {heading}.")
    return Columns(found, len(row))


def line_of(number: int, row: Sequence[str], columns: Columns) -> Line:
    """What a row asks for, and what is wrong with it by itself."""
    line = Line(
        number,
        columns.cell(row, WALLET).removeprefix("'"),
        columns.cell(row, AMOUNT).removeprefix("'"),
        columns.cell(row, DESCRIPTION),
        columns.cell(row, CURRENCY).upper(),
    )
    if flaw := flaw_of(line, row[columns.width :]):
        line.flaw = flaw
        line.mistake(flaw)
    return line


def flaw_of(line: Line, beyond: Sequence[str]) -> str:
    """What is wrong with a line by itself. `beyond`: what stands in no column."""
    if not line.reference:
        return "It names no wallet."
    if not line.typed:
        return "It has no amount."
    if any(cell.strip() for cell in beyond) or is_divided(line):
        return "It has a comma too many: put an amount such as 1,234.50, or text with commas, in quotation marks."
    if len(line.reference) > LONGEST_REFERENCE:
        return "What names the wallet is too long to be an id, a phone or a name."
    if len(line.description) > LONGEST_DESCRIPTION:
        return f"The description has {len(line.description)} characters; {LONGEST_DESCRIPTION} are the most."
    return ""


def is_divided(line: Line) -> bool:
    """Whether a comma has made an amount and a description of what was one amount: 1,234.50."""
    return len(line.typed) <= 3 and line.typed.isdecimal() and bool(REST_OF_AMOUNT.fullmatch(line.description))


def batch_name(lines: Iterable[Line]) -> str:
    """By what the lines ask for, in whatever order: the same file has the same name, however it was saved."""
    asked = sorted((line.reference, line.typed, line.code, line.description) for line in lines)
    digest = int.from_bytes(sha256(repr(asked).encode()).digest()[:8], "big")
    letters = ""
    for _ in range(10):
        digest, place = divmod(digest, len(LETTERS))
        letters += LETTERS[place]
    return f"{letters[:5]}-{letters[5:]}"


def next_name(name: str) -> str:
    """The same file once more, on purpose: ABCDE-FGHJK-2, then -3."""
    stem, _, count = name.rpartition("-")
    return f"{stem}-{int(count) + 1}" if count.isdecimal() and len(count) < 5 and "-" in stem else f"{name}-2"
