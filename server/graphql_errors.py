"""What of an error a client gets to see: its code, and a message that is for it; of ours only an id to quote."""

import uuid
from typing import Any

import structlog
from graphql import GraphQLError

from domain.refusals import Fault
from resolvers.noting import NOTES, refused
from server.graphql_words import without_quotes

log = structlog.get_logger()

STATUS = {
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "BAD_USER_INPUT": 400,
    "RATE_LIMITED": 429,
    "UNAVAILABLE": 503,
    "INTERNAL": 500,
}
"""Of HTTP, for each code."""


def format_error(error: GraphQLError) -> dict[str, Any]:
    """The error as it is answered. Counts it; masks and logs what was not meant for the client."""
    cause, code = _cause(error), code_of(error)
    refused(code)
    if isinstance(cause, Fault):
        return _shown(error, str(cause), {"code": code, **cause.figures})
    if code == "INTERNAL":
        return _shown(error, **_masked(cause))
    return _shown(error, without_quotes(error.message), {"code": code, **(getattr(cause, "extensions", None) or {})})


def code_of(error: GraphQLError) -> str:
    """What kind of error it is; INTERNAL for what was not meant for the client."""
    cause = _cause(error)
    if isinstance(cause, Fault):
        return cause.code
    return "BAD_USER_INPUT" if isinstance(cause, GraphQLError) and _is_the_clients(error, cause) else "INTERNAL"


def format_fault(fault: Exception) -> dict[str, Any]:
    """The same for what was raised before anything was executed."""
    return format_error(GraphQLError(str(fault), original_error=fault))


def status_of(formatted: dict[str, Any]) -> int:
    """The HTTP status of a request that failed with this error."""
    return STATUS.get(formatted["extensions"]["code"], 500)


def _cause(error: GraphQLError) -> Exception:
    """The innermost original error: graphql-core wraps an error once to locate it and once to name a variable."""
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _is_the_clients(error: GraphQLError, cause: GraphQLError) -> bool:
    """Syntax, validation and variables have no path; arguments point into the document. What we answer does neither."""
    return error.path is None or cause.nodes is not None


def _masked(cause: Exception) -> dict[str, Any]:
    notes = NOTES.get()
    reference = notes.id if notes else uuid.uuid4().hex[:16]
    log.error("internal error", id=reference, exc_info=cause)
    return {
        "message": f"Internal error. It is not the request's fault: quote {reference} to the operator.",
        "extensions": {"code": "INTERNAL", "id": reference},
    }


def _shown(error: GraphQLError, message: str, extensions: dict[str, Any]) -> dict[str, Any]:
    formatted: dict[str, Any] = {"message": message, "extensions": extensions}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        formatted["path"] = error.path
    return formatted
