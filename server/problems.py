"""What a REST route answers instead of doing it: problem+json (RFC 9457), with a code and the figures that help."""

import re
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from domain.refusals import RefusedEvent, UsageRefused
from resolvers.errors import shown_event
from resolvers.noting import refused
from schema.scalars import show_instant
from server import graphql_errors
from server.graphql_errors import format_error, format_fault
from server.graphql_guard import BadRequest
from server.graphql_words import without_variables

MEDIA_TYPE = "application/problem+json"
STATUS = graphql_errors.STATUS | {
    "INSUFFICIENT_FUNDS": 402,
    "METHOD_NOT_ALLOWED": 405,
    "REQUEST_TIMEOUT": 408,
    "IDEMPOTENCY_CONFLICT": 409,
    "NOT_POSSIBLE": 409,
    "PERIOD_CLOSED": 409,
    "VERSION_CONFLICT": 409,
    "TOO_LARGE": 413,
    "UNSUPPORTED_ENCODING": 415,
    "USAGE_REFUSED": 422,
    "WALLET_LOCKED": 423,
}
_CODES = {status: code for code, status in STATUS.items() if status != 409}
_HEADERS = {
    "UNAUTHENTICATED": {"WWW-Authenticate": "Bearer"},
    "REQUEST_TIMEOUT": {"Connection": "close"},
    "UNAVAILABLE": {"Retry-After": "1"},
}
_WORDS = re.compile(r"(?<!^)(?=[A-Z])")


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A member of a mutation's result that is no payload."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(answer)
        self.answer = answer


def problem(code: str, detail: str, headers: dict[str, str] | None = None, **figures: object) -> Response:
    """The answer; its status follows from the code."""
    status = STATUS[code]
    content = {
        "type": f"urn:problem-type:tijori:{code.lower().replace('_', '-')}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        **figures,
    }
    return Response(orjson.dumps(content), status, {**_HEADERS.get(code, {}), **(headers or {})}, MEDIA_TYPE)


def problem_of(why: Exception) -> Response:
    """What was raised, as it is answered; a mistake of ours is logged and masked."""
    match why:
        case Refused():
            return _refused(why.answer)
        case UsageRefused():
            refused(UsageRefused.__name__)
            return problem("USAGE_REFUSED", why.message, events=[_event(event) for event in why.events])
        case ClientDisconnect():
            return Response(status_code=400)  # nobody reads it
        case BadRequest():
            refused("BAD_USER_INPUT")
            return problem(_CODES[why.status], why.message)
    shown = format_error(why) if isinstance(why, GraphQLError) else format_fault(why)
    extensions = shown["extensions"]
    return problem(extensions.pop("code"), without_variables(shown["message"]), **extensions)


async def unrouted(request: Request, why: Exception) -> Response:
    """For what no route takes."""
    assert isinstance(why, HTTPException)
    if why.status_code == 405:
        allowed = (why.headers or {}).get("Allow", "GET, HEAD")
        return problem("METHOD_NOT_ALLOWED", f"This address takes {allowed}.", {"Allow": allowed})
    return problem("NOT_FOUND", f"There is no {request.url.path[:200]}. All routes: /api/v1/docs")


def _refused(answer: dict[str, Any]) -> Response:
    code = _WORDS.sub("_", answer.pop("code")).upper()
    return problem(code, answer.pop("message"), **answer.pop("lock", {}), **answer)


def _event(event: RefusedEvent) -> dict[str, object]:
    """As GraphQL answers it, what is empty left out."""
    told = shown_event(event)
    shown: dict[str, object] = {
        "index": told.index,
        "key": told.key,
        "tenantId": told.tenant_id,
        "code": told.code.value,
        "message": told.message,
    }
    if told.open_from:
        shown["openFrom"] = show_instant(told.open_from)
    if lock := told.lock:
        shown |= {"amountDue": lock.amount_due, "unlockAmount": lock.unlock_amount, "topUpUnlocks": lock.top_up_unlocks}
    return shown
