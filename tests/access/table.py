"""The table as data: patterns (what each asker is answered about each side) and rows that have one each."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.access.cast import ASKERS, SIDES

HERE = Path(__file__).parent
PLACEHOLDER = re.compile(r"<(person\.)?(ours\.)?([a-z]+)>")
COLUMNS = ("nobody", *ASKERS)
_WIDE = re.compile(r"\s{2,}")


@dataclass(frozen=True)
class Row:
    """A document, and where in its answer to look: `Wallet.owner` is the first `owner` in it."""

    name: str
    pattern: str
    document: str
    source: str

    @property
    def field(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def of_route(self) -> bool:
        return self.source.startswith("routes.txt")

    @property
    def ends_asker(self) -> bool:
        return self.source.startswith("sessions.txt")

    @property
    def has_dry_run(self) -> bool:
        return "dryRun: true" in self.document or "dryRun=true" in self.document

    @property
    def sides(self) -> tuple[str, ...]:
        """The ones that it is asked about."""
        named = {match[3] for match in PLACEHOLDER.finditer(self.document) if not match[2]} - {"self", "current"}
        return SIDES if named else ("own",)

    def word(self, side: str, asker: str) -> str:
        """What its pattern says."""
        word = patterns()[self.pattern][side][asker]
        return "NOT_FOUND" if self.of_route and word == "null" else word


Pattern = dict[str, dict[str, str]]
"""By side, then by asker."""


def lines(name: str) -> list[tuple[int, str]]:
    """Of a file, less its comments; an indented line goes on with the one before."""
    told: list[tuple[int, str]] = []
    for number, line in enumerate((HERE / name).read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith(" ") and line.strip() and told:
            told[-1] = (told[-1][0], f"{told[-1][1]} {line.strip()}")
        elif line.strip() and not line.startswith("#"):
            told.append((number, line.rstrip()))
    return told


@cache
def patterns() -> dict[str, Pattern]:
    """From patterns.txt."""
    found: dict[str, Pattern] = {}
    for number, line in lines("patterns.txt"):
        name, side, *words = _WIDE.split(line)
        if len(words) != len(COLUMNS) or side not in SIDES:
            raise ValueError(f"patterns.txt:{number} takes a name, a side and {len(COLUMNS)} words: {line}")
        found.setdefault(name, {})[side] = dict(zip(COLUMNS, words, strict=True))
    return found


@cache
def rows(*files: str) -> tuple[Row, ...]:
    """From the files named, in their order."""
    return tuple(_row(file, number, line) for file in files for number, line in lines(file))


def _row(file: str, number: int, line: str) -> Row:
    name, pattern, document = _WIDE.split(line, maxsplit=2)
    return Row(name, pattern, document, f"{file}:{number}")
