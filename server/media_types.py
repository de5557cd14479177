"""Which of two media types an Accept header takes, as GraphQL over HTTP and RFC 9110 say."""

from functools import lru_cache

JSON = b"application/json; charset=utf-8"
GRAPHQL = b"application/graphql-response+json; charset=utf-8"
HTML = b"text/html; charset=utf-8"

_GRAPHQL_NAMES = ("application/graphql-response+json",)
_JSON_NAMES = ("application/json", "application/*", "*/*")
_LONGEST_REMEMBERED = 200


def accepted(header: bytes) -> bytes | None:
    """What to answer with; None where neither is taken. The newer one only where it is named."""
    return _remembered(header) if len(header) <= _LONGEST_REMEMBERED else _accepted(header)


def _accepted(header: bytes) -> bytes | None:
    if not header.strip():
        return JSON
    taken = dict(map(_ranged, header.decode("latin-1").lower().split(",")))
    graphql = _weight(taken, _GRAPHQL_NAMES)
    json = _weight(taken, _JSON_NAMES)
    if graphql > 0 and graphql >= json:
        return GRAPHQL
    return JSON if json > 0 else None


_remembered = lru_cache(maxsize=256)(_accepted)


def _weight(taken: dict[str, float], names: tuple[str, ...]) -> float:
    """Of the narrowest name that is given."""
    return next((taken[name] for name in names if name in taken), 0)


def _ranged(text: str) -> tuple[str, float]:
    """`text/html;level=1;q=0.5`: a name and its weight. Other parameters but UTF-8 name something that is not ours."""
    name, *parameters = (part.strip() for part in text.split(";"))
    weight = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            weight = _number(value)
        elif key.strip() == "charset" and value.strip(' "') not in ("utf-8", "utf8"):
            return "", 0
    return name, weight


def _number(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0
