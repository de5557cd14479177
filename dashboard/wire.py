"""What stands before the framework's websocket: it takes frames that pages send, from the browser that has the page.

The framework itself trusts whoever names an open page, and logs a traceback for each frame that is none.
"""

import inspect
import logging
import re
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import orjson
from nicegui import Client, core
from socketio.exceptions import ConnectionRefusedError as Refused  # type: ignore[import-untyped]
from starlette.types import Message, Receive

log = logging.getLogger(__name__)

SOCKETS = "/_nicegui_ws/"
PLAIN_FRAMES = ("1", "3", "40", "41")
EVENT_FRAME = re.compile(r"42\d{0,9}(\[.*\])", re.DOTALL)
EVENTS = ("handshake", "event", "javascript_response", "ack", "log")
BAD_DATA = 1003
# A page that hears this loads itself anew.
LOAD_ANEW = "Implicit handshake failed"
Handler = Callable[..., Any]


def only_frames(receive: Receive) -> Receive:
    """Ends the socket at whatever no page sends."""

    async def receive_frame() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and not is_frame(message.get("text")):
            return {"type": "websocket.disconnect", "code": BAD_DATA}
        return message

    return receive_frame


def is_frame(text: str | None) -> bool:
    """Whether a page may have sent this."""
    if text in PLAIN_FRAMES:
        return True
    event = EVENT_FRAME.fullmatch(text or "")
    if event is None:
        return False
    try:
        match orjson.loads(event[1]):
            case [str(name), dict()]:
                return name in EVENTS
    except orjson.JSONDecodeError:
        pass
    return False


def install(cookie: str) -> None:
    """Every handler then answers a socket only for the page whose visitor it comes from. `cookie` is the session's."""
    core.app.config.socket_io_js_transports = ["websocket"]
    handlers = core.sio.handlers["/"]
    handlers["connect"] = connecting(handlers["connect"], cookie)
    for name in EVENTS:
        handlers[name] = hearing(handlers[name], cookie)


def connecting(handler: Handler, cookie: str) -> Handler:
    """Refuses a socket for a page that is not its visitor's."""

    async def connect(sid: str, environ: dict[str, Any], *given: object) -> Any:
        named = parse_qs(environ.get("QUERY_STRING", ""))
        if not is_visitors({key: values[0] for key, values in named.items()}, environ, cookie):
            raise Refused(LOAD_ANEW)
        try:
            return await handler(sid, environ, *given)
        except (KeyError, TypeError, ValueError) as mistake:
            log.debug("a socket without what a page says", exc_info=mistake)
            raise Refused(LOAD_ANEW) from None

    return connect


def hearing(handler: Handler, cookie: str) -> Handler:
    """Passes over an event for a page that is not its visitor's, or without what belongs to it."""

    async def hear(sid: str, said: dict[str, Any]) -> Any:
        if not is_visitors(said, core.sio.get_environ(sid) or {}, cookie):
            return False
        try:
            answer = handler(sid, said)
            return await answer if inspect.isawaitable(answer) else answer
        except (KeyError, TypeError, ValueError, AttributeError) as mistake:
            log.debug("an event without what belongs to it", exc_info=mistake)
            return False

    return hear


def is_visitors(said: dict[str, Any], environ: dict[str, Any], cookie: str) -> bool:
    """Whether the page that is named was opened in the session that the socket comes with."""
    name = said.get("client_id")
    page = Client.instances.get(name) if isinstance(name, str) else None
    if page is None:
        return False
    try:
        sent = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(cookie)
    except CookieError:
        return False
    return page.request.cookies.get(cookie) == (sent.value if sent else None)
