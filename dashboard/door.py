"""What stands before every page: what other sites send is kept from the session of whoever is signed in here.

The session's cookie is SameSite=Strict, so a request from another site comes without it and looks like a stranger's.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.theme import ASSETS
from dashboard.wire import SOCKETS, only_frames

COOKIE = "tijori_session"
ENTRANCES = ("/login", "/logout")
FILES = ("/assets/", "/_nicegui", "/favicon")
SAFE = ("GET", "HEAD", "OPTIONS")
# A navigation that begins on this page carries the cookie.
COME_IN = f"""<!doctype html>
<html lang="en"><head><title>Tijori</title><meta name="color-scheme" content="light dark"></head>
<body><a href="">Go on to Tijori</a><script src="{ASSETS}/door.js"></script></body></html>
"""
NO_STORE = {"cache-control": "no-store", "vary": "Cookie, Sec-Fetch-Site"}


class Door:
    """Refuses what other sites post, asks a visitor from there to come in again, and keeps the session's cookie."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers what is not let in; passes on the rest, whose answers set the cookie only at the entrances."""
        if scope["type"] != "http":
            await self.inner(scope, only_frames(receive) if scope["type"] == "websocket" else receive, send)
            return
        if (answer := turned_away(scope)) is not None:
            await answer(scope, receive, send)
            return

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [header for header in message["headers"] if not sets_session(header)]
            await send(message)

        is_entrance = scope["method"] == "POST" and scope["path"] in ENTRANCES
        await self.inner(scope, receive, send if is_entrance else keep)


def turned_away(scope: Scope) -> Response | None:
    """The answer to a request that another site has made; None for one to be let in."""
    headers = Headers(scope=scope)
    if scope["path"].startswith(SOCKETS):
        return PlainTextResponse("This address takes websockets.", 426, {**NO_STORE, "upgrade": "websocket"})
    if scope["method"] not in SAFE:
        return PlainTextResponse("This was sent from another site.", 403, NO_STORE) if is_foreign(headers) else None
    is_page = not scope["path"].startswith(FILES)
    if is_page and headers.get("sec-fetch-site") == "cross-site" and f"{COOKIE}=" not in headers.get("cookie", ""):
        return HTMLResponse(COME_IN, headers=NO_STORE)
    return None


def is_foreign(headers: Headers) -> bool:
    """Whether a browser says that another site wants this. What says nothing is no browser."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def sets_session(header: tuple[bytes, bytes]) -> bool:
    """Whether a header of an answer gives the browser a session."""
    name, value = header
    return name.lower() == b"set-cookie" and value.startswith(f"{COOKIE}=".encode())
