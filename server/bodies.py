"""Reading what a request sends: all of it, never more than is allowed, and never for ever."""

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive

from server.graphql_guard import BadRequest, Limits, check_body_headers, too_large


async def read_body(receive: Receive, limits: Limits) -> bytes | bytearray | None:
    """The whole body, or None where the client has gone. Only one that comes in pieces is worth a timer."""
    message = await receive()
    if message["type"] != "http.request":
        return None
    if not message.get("more_body"):
        return _limited(message.get("body", b""), limits)
    seconds = limits.body_seconds
    try:
        async with asyncio.timeout(seconds):
            return await _read_pieces(bytearray(message.get("body", b"")), receive, limits)
    except TimeoutError:
        raise BadRequest(408, f"The body took longer than {seconds} seconds. Send it again.") from None


async def body_of(request: Request, limits: Limits) -> bytes | bytearray:
    """The same, whatever its media type is said to be. Raises BadRequest, ClientDisconnect."""
    check_body_headers(dict(request.scope["headers"]), limits)
    body = await read_body(request.receive, limits)
    if body is None:
        raise ClientDisconnect
    return body


async def _read_pieces(body: bytearray, receive: Receive, limits: Limits) -> bytes | bytearray | None:
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        _limited(body, limits)
        if not message.get("more_body"):
            return body
    return None


def _limited(body: bytes | bytearray, limits: Limits) -> bytes | bytearray:
    if len(body) > limits.body_bytes:
        raise too_large(limits)
    return body
