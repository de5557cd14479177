"""The routes described (OpenAPI 3.1, static/openapi.json), the page that shows them, and what a route takes by that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from domain.refusals import BadInput
from server.graphql_guard import NUL, Limits, check_no_nul, read_object

_STATIC = Path(__file__).parent / "static"
_TEXT = (_STATIC / "openapi.json").read_bytes()
DESCRIPTION: dict[str, Any] = orjson.loads(_TEXT)
_PAGE = (_STATIC / "docs" / "index.html").read_bytes()
# The page's library writes styles as it draws. Scripts, and whatever they ask for, come from here alone.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LIMITS = Limits()
_MOST = 10**12
_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True)
class Described:
    """What one operation takes, and whether it makes a new thing."""

    parameters: Mapping[str, dict[str, Any]]
    """Those behind the address: their schemas."""
    fields: frozenset[str]
    example: str
    makes: bool

    def read_parameters(self, given: Mapping[str, str]) -> dict[str, Any]:
        """As values, with defaults. Raises BadInput, for one that is not described too."""
        _check("parameter", given, self.parameters)
        defaults = {name: schema["default"] for name, schema in self.parameters.items() if "default" in schema}
        return defaults | {name: _read(name, text, self.parameters[name]) for name, text in given.items()}

    def read_body(self, sent: bytes | bytearray, limits: Limits = _LIMITS) -> dict[str, Any]:
        """The object in a body, whatever its media type is said to be. Raises BadRequest, BadInput."""
        content = read_object(sent, limits, self.example)
        if NUL in sent:
            check_no_nul(content)
        _check("field", content, self.fields)
        return content


def _check(kind: str, given: Iterable[str], known: Iterable[str]) -> None:
    for name in given:
        if name not in known:
            there_are = f"There are: {', '.join(sorted(known))}." if known else f"It takes no {kind}s."
            raise BadInput(f"There is no {kind} {name[:40]!r} here. {there_are}")


def _read(name: str, text: str, schema: dict[str, Any]) -> Any:
    if schema["type"] == "boolean":
        if text not in _FLAGS:
            raise BadInput(f"{name} takes true or false.")
        return _FLAGS[text]
    if schema["type"] == "integer":
        least, most = schema["minimum"], schema.get("maximum", _MOST)
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST)) and least <= int(text) <= most):
            raise BadInput(f"{name} takes a whole number from {least} to {most}.")
        return int(text)
    return text


def operation(path: str, method: str) -> Described:
    """Of a route. Raises KeyError for one that is not described."""
    described = DESCRIPTION["paths"][path][method.lower()]
    parameters = map(_resolved, described.get("parameters", ()))
    content = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = [example["value"] for example in content.get("examples", {}).values()]
    return Described(
        parameters={one["name"]: one["schema"] for one in parameters if one["in"] == "query"},
        fields=frozenset(_resolved(content.get("schema", {})).get("properties", ())),
        example=orjson.dumps(examples[0]).decode() if examples else "",
        makes="201" in described["responses"],
    )


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to, within the description."""
    if "$ref" not in part:
        return part
    found: Any = DESCRIPTION
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return _resolved(found)


async def _description(_: Request) -> Response:
    return Response(_TEXT, media_type="application/json")


async def _page(_: Request) -> Response:
    return Response(_PAGE, media_type="text/html", headers={"Content-Security-Policy": _POLICY})


PAGES = [
    Route("/v1/openapi.json", _description),
    Route("/v1/docs", _page),
    Mount("/v1/docs", StaticFiles(directory=_STATIC / "docs")),
]
"""Under /api; for everybody."""
