"""What any text, key or number from outside must satisfy before a rule looks at it."""

import unicodedata

from domain.money import MOST_MINOR
from domain.refusals import BadInput

LONGEST_KEY = 255
LONGEST_NAME = 200
LONGEST_DESCRIPTION = 1_000

_UNSHOWABLE = frozenset({"Cc", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the text around them: a name would show as another one."""


def text(name: str, value: str, longest: int, *, shortest: int = 0) -> str:
    """The value, if the store can keep it. `name` is the input's, for the message."""
    if not shortest <= len(value) <= longest:
        raise BadInput(f"{name} takes {shortest} to {longest} characters; this one has {len(value)}.")
    if "\0" in value or not _encodes(value):
        raise BadInput(f"{name} has a character that is not text (a NUL or half of a surrogate pair). Leave it out.")
    return value


def name(field: str, value: str) -> str:
    """A name with something in it, without white space around it, on one line."""
    return one_line(field, value, LONGEST_NAME, shortest=1)


def one_line(field: str, value: str, longest: int, *, shortest: int = 0) -> str:
    """Text that lists show: without white space around it, line breaks and other control characters."""
    checked = text(field, value.strip(), longest, shortest=shortest)
    if any(unicodedata.category(character) in _UNSHOWABLE or character in _TURNING for character in checked):
        raise BadInput(f"{field} has a line break or another control character. Leave it out.")
    return checked


def key(value: str) -> str:
    """An idempotency key: 1 to 255 characters."""
    return text("idempotencyKey", value, LONGEST_KEY, shortest=1)


def description(value: str) -> str:
    """Free text beside a transaction."""
    return text("description", value, LONGEST_DESCRIPTION)


def amount(value: int, *, zero: bool = False) -> int:
    """Minor units above zero; `zero` where the amount is a target rather than a change."""
    if value < 0 or value > MOST_MINOR or (value == 0 and not zero):
        least = "0" if zero else "1"
        raise BadInput(f"amountMinor takes {least} to {MOST_MINOR} minor units; this is {value}.")
    return value


def within(field: str, value: int, least: int, most: int) -> int:
    """A whole number in its range."""
    if not least <= value <= most:
        raise BadInput(f"{field} takes {least} to {most}; this is {value}.")
    return value


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
