"""A websocket's messages (graphql-transport-ws), read as strictly as requests by HTTP."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected

from server.graphql_guard import BadRequest, Limits, check_request, read_object

INVALID = 4400
LONGEST_ID = 255
_LONGEST_REASON = 123  # bytes, by the websocket protocol
_TYPES = ("connection_init", "ping", "pong", "subscribe", "complete")
_EXAMPLE = '{"type": "ping"}'


def read_message(text: str, limits: Limits) -> dict[str, Any]:
    """A message of the protocol. Raises BadRequest. What its variables hold is for the operation to be refused for."""
    message = read_object(text.encode(), limits, _EXAMPLE)
    kind = message.get("type")
    if kind not in _TYPES:
        raise BadRequest(INVALID, f"type takes one of {', '.join(_TYPES)}.")
    if kind in ("subscribe", "complete"):
        named = message.get("id")
        if type(named) is not str or not 1 <= len(named) <= LONGEST_ID:
            raise BadRequest(INVALID, f"id takes a string of 1 to {LONGEST_ID} characters.")
    if message.get("payload", message) is None:
        del message["payload"]
    payload = message.get("payload")
    if type(payload) is not dict and (payload is not None or kind == "subscribe"):
        raise BadRequest(INVALID, "payload must be an object.")
    if kind == "subscribe":
        check_request(payload or {})
    return message


class Messages(ASGIWebSocketAdapter):
    """Both ways: what is no message closes the socket with the reason; to a closed one nothing is sent."""

    limits = Limits()

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        """The messages, until either side closes."""
        while not self._is_closed:
            try:
                yield read_message(await self._receive(), self.limits)
            except BadRequest as refusal:
                await self.close(INVALID, refusal.message)
            except WebSocketDisconnect:
                return

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Dropped where nobody reads: the loop above ends soon."""
        if not self._is_closed:
            with suppress(WebSocketDisconnected):
                await super().send_json(message)

    async def close(self, code: int, reason: str) -> None:
        """Once, with as much of the reason as fits."""
        if not self._is_closed:
            with suppress(WebSocketDisconnect):
                await super().close(code, reason.encode()[:_LONGEST_REASON].decode(errors="ignore"))

    @property
    def _is_closed(self) -> bool:
        return self.ws.application_state is WebSocketState.DISCONNECTED

    async def _receive(self) -> str:
        try:
            return await self.ws.receive_text()
        except KeyError:
            raise BadRequest(INVALID, "Messages are text, not bytes.") from None
