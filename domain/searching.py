"""What people type when they look for somebody: words of a name, a phone in any writing, a number of an invoice."""

import re
import unicodedata
from dataclasses import dataclass

PIECE = 3
"""Of so many characters are the pieces that names are found by: shorter words are looked for where words begin."""
MOST_WORDS = 8
FEWEST_DIGITS = 3
WHOLE_NUMBER = 7
"""So many digits at the end of a phone are all of it but the codes of country and city."""

_OF_A_PHONE = re.compile(r"[\d\s()+.\-/]+")
_NUMBER = re.compile(r"([A-Z]{1,4}[0-9]*)(?:-([0-9]{0,18}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed."""

    text: str
    """With one space between its words; as written: the store decides what is the same in small letters."""
    words: tuple[str, ...]
    """Each is in what is looked for; those that begin with a space where a word begins."""
    digits: str
    """Of a phone, without what is dialled before its country's code; empty where it is none."""
    code: str
    """That the numbers of a tenant's invoices begin with; empty where it is none."""
    count: str | None
    """The digits of an invoice's number behind the code, as far as they go; None where there is no dash."""


def wanted(typed: str) -> Wanted:
    """What it may mean, all at once."""
    text = " ".join(typed.split())
    words = tuple(word if len(word) >= PIECE else f" {word}" for word in dict.fromkeys(text.split()))
    number = _NUMBER.fullmatch(text.upper())
    return Wanted(
        text, words[:MOST_WORDS], phone_digits(text), number[1] if number else "", number[2] if number else None
    )


def phone_digits(text: str) -> str:
    """`+91 98765-43210`, `0091 98765 43210` and `098765 43210` end alike; empty where this is no part of a phone."""
    if not _OF_A_PHONE.fullmatch(text):
        return ""
    digits = "".join(str(unicodedata.digit(character)) for character in text if character.isdigit()).lstrip("0")
    return digits if len(digits) >= FEWEST_DIGITS else ""
