"""graphql-core's sentences, read: what it quotes of a request is cut out, and routes say the rest in their own words.

They are no interface of that library: they are as VERSION has them, and a test has it say each of them.
"""

import re

VERSION = "3.3"
# Whole inputs and strings, a password among them. Clients log their errors.
_QUOTED = re.compile(
    r"(?<=[Ff]ound): [\[{].*|(?<= value): [\[{].*|(?<=a non string value): .*|(?<=String) ['\"].*", re.DOTALL
)
_PLACE = re.compile(r"^Variable '\$(\w+)' has invalid value(?: at \.(\S+))?: ")
_WANTING = re.compile(r"Expected value of type '[^']*' to include required field '(\w+)'.*", re.DOTALL)
_FOUND = re.compile(r",? found(: .*)?$", re.DOTALL)


def without_quotes(message: str) -> str:
    """Without what was sent, but for the numbers and names that are the mistake."""
    return _QUOTED.sub("", message)


def without_variables(message: str) -> str:
    """As a route says it, which took the variable of a document that its client knows nothing of."""
    place = _PLACE.match(message)
    if place is None:
        return message
    what = _FOUND.sub(".", _WANTING.sub(r"\1 is missing.", message[place.end() :]))
    name = place[2] or (place[1] if place[1] != "input" else None)
    return f"{name}: {what}" if name else what
