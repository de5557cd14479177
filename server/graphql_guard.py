"""What may reach the executor: a small, well-formed JSON object, checked exactly and cheaply."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

MEDIA_TYPE = re.compile(rb'application/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?', re.IGNORECASE)
NUL = b"\\u0000"
"""As JSON has it: without this in a body there is none in its texts."""
LARGEST_NUMBER = 10**19
"""The first with more than nineteen digits; orjson reads the longest as floats."""
_MARKS_A_VALUE = 4
_MANY_DIGITS = b"0" * 20
_DIGITS_TO_ZERO = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else byte for byte in range(256))

_EXAMPLE = '{"query": "{ viewer { name } }", "variables": {}}'


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may ask for."""

    body_bytes: int = 1024 * 1024
    body_seconds: int = 10
    json_depth: int = 32
    json_values: int = 20_000
    document_characters: int = 32_768
    document_tokens: int = 2_000
    document_depth: int = 16
    document_fields: int = 1_000
    document_aliases: int = 50
    document_directives: int = 50
    node_directives: int = 4
    document_mutations: int = 20
    document_repeats: int = 100
    document_objects: int = 10_000
    documents_remembered: int = 1_000
    characters_remembered: int = 512 * 1024


class BadRequest(Exception):  # noqa: N818 - what the client is answered
    """The request is not one of GraphQL over HTTP; the message says what to send."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class GraphQLRequest(NamedTuple):
    """A well-formed request."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


def check_headers(headers: Mapping[bytes, bytes], limits: Limits) -> None:
    """Refuse before a byte of the body is read."""
    media_type = headers.get(b"content-type", b"")
    if media_type != b"application/json" and not MEDIA_TYPE.fullmatch(media_type):
        raise BadRequest(415, "Send the request as application/json in UTF-8.")
    check_body_headers(headers, limits)


def check_body_headers(headers: Mapping[bytes, bytes], limits: Limits) -> None:
    """The same of a body whose media type is not asked for."""
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise BadRequest(415, "Send the body uncompressed.")
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > 18:
        raise BadRequest(400, "The Content-Length header must be a number.")
    if int(length) > limits.body_bytes:
        raise too_large(limits)


def too_large(limits: Limits) -> BadRequest:
    """The body is over the limit."""
    return BadRequest(413, f"The body may have at most {limits.body_bytes:,} bytes. Split the request.")


def read_request(body: bytes | bytearray, limits: Limits) -> GraphQLRequest:
    """The request in the body. Raises BadRequest."""
    content = read_object(body, limits, _EXAMPLE)
    if NUL in body:
        check_no_nul(content)
    return check_request(content)


def read_object(body: bytes | bytearray, limits: Limits, example: str) -> dict[str, Any]:
    """The object in the body, all but its NULs checked. Raises BadRequest."""
    count = _may_be_too_many(body, limits)
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(400, f"This is not JSON in UTF-8 ({error}). Send an object: {example}") from None
    if type(content) is not dict:
        raise BadRequest(400, f"Send one request, as a JSON object: {example}")
    if count:
        _refuse_many_values(content, limits)
    escaped = b"\\u003" in body  # a colon may hide
    if _colons(content, limits.json_depth) != body.count(b":") or escaped:
        _refuse_repeated_keys(body)
    if _MANY_DIGITS in body.translate(_DIGITS_TO_ZERO):
        _refuse_long_numbers(content)
    return content


def check_no_nul(content: Any) -> None:
    """PostgreSQL keeps no text with one."""
    if _has_nul(content):
        raise BadRequest(400, "Text cannot contain the character U+0000. Leave it out.")


def check_request(content: dict[str, Any]) -> GraphQLRequest:
    """The request that the object is. Raises BadRequest."""
    query, variables, name = content.get("query"), content.get("variables"), content.get("operationName")
    if type(query) is not str or not query.strip():
        raise BadRequest(400, f'"query" must be a string that holds a GraphQL document: {_EXAMPLE}')
    if variables is not None and type(variables) is not dict:
        raise BadRequest(400, f'"variables" must be an object: {_EXAMPLE}')
    if name is not None and type(name) is not str:
        raise BadRequest(400, '"operationName" must be a string: the name of one operation in "query".')
    extensions = content.get("extensions")
    if extensions is not None and type(extensions) is not dict:
        raise BadRequest(400, '"extensions" must be an object.')
    return GraphQLRequest(query, variables, name)


def _may_be_too_many(body: bytes | bytearray, limits: Limits) -> bool:
    """Whether the values have to be counted: each but the first has a mark before it, and so have parts of texts.

    With marks for many times as many, even making the values is too much work. Raises BadRequest.
    """
    if len(body) <= limits.json_values:
        return False
    marks = body.count(b",") + body.count(b"[") + body.count(b"{")
    if marks > _MARKS_A_VALUE * limits.json_values:
        raise _too_many(limits)
    return marks >= limits.json_values


def _refuse_many_values(content: dict[str, Any], limits: Limits) -> None:
    left = limits.json_values - 1
    parts: list[Any] = [content]
    for part in parts:
        left -= len(part)
        if left < 0:
            raise _too_many(limits)
        items = part.values() if type(part) is dict else part
        parts += [item for item in items if type(item) is dict or type(item) is list]


def _too_many(limits: Limits) -> BadRequest:
    return BadRequest(413, f"The body may hold at most {limits.json_values:,} values. Split the request.")


def _colons(content: dict[str, Any] | list[Any], levels: int) -> int:
    """How many colons the text of this content has at least, none of them escaped; and no deeper than so many levels.

    A member has one, and strings have theirs. A key that was given twice has left more colons in the text than there
    are here, so equal counts prove that there is none, without a second parser.
    """
    if levels == 0:
        raise BadRequest(400, "The JSON is nested too deeply.")
    if type(content) is dict:
        colons = len(content) + "".join(content).count(":")
        items: Iterable[Any] = content.values()
    else:
        colons, items = 0, content
    for item in items:
        kind = type(item)
        if kind is str:
            colons += item.count(":")
        elif item and (kind is dict or kind is list):
            colons += _colons(item, levels - 1)
    return colons


def _refuse_long_numbers(content: Any) -> None:
    """The exact answer, for the few bodies that have many digits in a row."""
    if isinstance(content, int | float) and not -LARGEST_NUMBER < content < LARGEST_NUMBER:
        raise BadRequest(400, "Numbers may have at most 19 digits.")
    if isinstance(content, dict | list):
        for item in content.values() if isinstance(content, dict) else content:
            _refuse_long_numbers(item)


def _refuse_repeated_keys(body: bytes | bytearray) -> None:
    """The exact answer, for the few bodies that the count did not clear."""
    try:
        json.loads(body, object_pairs_hook=_unrepeated)
    except RecursionError:
        raise BadRequest(400, "A key is given twice, once with a value that is nested too deeply.") from None


def _unrepeated(members: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in members:
        if key in content:
            raise BadRequest(400, f"The key {json.dumps(key[:100])} is given twice in one object. Send it once.")
        content[key] = value
    return content


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(key) or _has_nul(item) for key, item in value.items())
    return isinstance(value, list) and value != [] and any(map(_has_nul, value))
