"""Who is here: signing in and out, and what a page knows of its visitor.

The browser holds a signed cookie with a session's id, this process the API's token for it, and nothing else is kept.
"""

import asyncio
import re
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from nicegui import Client, ui
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from dashboard.address import address
from dashboard.client import Api, ApiError, Backend
from dashboard.format import Manner, at, manner, theme_choice
from dashboard.nav import ADMINS
from dashboard.shapes.people import Viewer
from dashboard.tokens import Tokens

HOME = "/"
BODY_LIMIT_BYTES = 4096
FIELD_LIMITS = {"phone": 40, "password": 1024, "back": 2048}
SIGN_IN_STATUS = {"BAD_USER_INPUT": 422, "RATE_LIMITED": 429, "UNAVAILABLE": 503}
# The framework gives up on a page whose first answer takes three seconds.
VIEWER_SECONDS = 2
LOCAL_PATH = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@%-][A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?")


@dataclass
class Visit:
    """An open page: its viewer, the API in the viewer's name, and how the viewer reads."""

    api: Api
    path: str
    language: str
    dark: bool | None
    viewer: Viewer | None = None
    problem: ApiError | None = None
    manner: Manner = field(default_factory=Manner)
    client: Client | None = None

    @property
    def has_ended(self) -> bool:
        """Whether the API does not know the session any more."""
        if self.problem is not None:
            return self.problem.code == "UNAUTHENTICATED"
        return self.viewer is None

    @property
    def may_move_money(self) -> bool:
        """Only a SUPER_ADMIN does; the API decides, this only hides what it would refuse."""
        return self.is_super_admin

    @property
    def is_super_admin(self) -> bool:
        """Whether the viewer may do everything."""
        return self.viewer is not None and self.viewer["role"] == "SUPER_ADMIN"

    @property
    def sees_all(self) -> bool:
        """Whether the viewer sees every tenant's things, not only their own."""
        return self.viewer is not None and self.viewer["role"] in ADMINS

    async def settle(self) -> bool:
        """Waits for the browser and asks it once for its time zone; False where it has gone away again."""
        self.client = client = ui.context.client
        await client.connected()
        if client.is_deleted:
            return False
        try:
            zone = await client.run_javascript("return tijori.zone()", timeout=5)
        except TimeoutError:
            zone = "UTC"
        self.manner = manner(self.language, str(zone))
        return not client.is_deleted

    async def now(self) -> datetime | None:
        """By the browser's clock; None where it does not answer."""
        if self.client is None:
            return None
        try:
            return at(await self.client.run_javascript("return tijori.now()", timeout=5))
        except (TimeoutError, ValueError):
            return None

    def again(self) -> None:
        """Opens the page anew."""
        ui.navigate.reload()

    def expire(self) -> None:
        """Opens the page anew: whoever is not signed in any more is led to sign in, and back here afterwards."""
        if self.client is not None:
            self.client.run_javascript("tijori.again()")


class Desk:
    """Where visitors are let in."""

    def __init__(self, backend: Backend, tokens: Tokens, seller: str = "") -> None:
        self.backend = backend
        self.tokens = tokens
        self.seller = seller
        """Who bills, as printed invoices name them."""

    async def arrive(self, request: Request) -> Visit | Response:
        """The visit that a page request begins, or where to send it instead."""
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        token = self.token_of(request)
        if token is None:
            return RedirectResponse(login_path(None, path), 303)
        visit = Visit(
            api=self.backend.api(token, forwarded(request)),
            path=path,
            language=request.headers.get("accept-language", ""),
            dark=theme_choice(request.cookies),
        )
        try:
            async with asyncio.timeout(VIEWER_SECONDS):
                visit.viewer = (await visit.api.send("Viewer"))["viewer"]
        except TimeoutError:
            visit.problem = ApiError("UNAVAILABLE", "The server does not answer.")
        except ApiError as error:
            visit.problem = error
        if visit.has_ended:
            self.tokens.forget(request.session["id"])
            return RedirectResponse(login_path("expired", path), 303)
        return visit

    def token_of(self, request: Request) -> str | None:
        """The API's token of the browser's session."""
        return self.tokens.of(request.session["id"])

    async def sign_in(self, request: Request) -> Response:
        """Takes phone and password as JSON from our own page; a new session begins with it."""
        typed = await credentials(request)
        if typed is None:
            return JSONResponse({"problem": "Type your phone number and your password."}, 400)
        phone, password, back = typed
        try:
            answer = await self.backend.api(headers=forwarded(request)).send("SignIn", phone=phone, password=password)
        except ApiError as error:
            return JSONResponse({"problem": sign_in_problem(error)}, SIGN_IN_STATUS.get(error.code, 502))
        result = answer["signIn"]
        if result["__typename"] != "SignedIn":
            return JSONResponse({"problem": result["message"]}, 401)
        self.begin_session(request, result["token"])
        return JSONResponse({"next": local_path(back)})

    def begin_session(self, request: Request, token: str | None) -> None:
        """Gives the browser a new session id, so that one known before signing in is worth nothing after it."""
        self.tokens.forget(request.session["id"])
        request.session["id"] = str(uuid.uuid4())
        if token is not None:
            self.tokens.keep(request.session["id"], token)

    async def sign_out(self, request: Request) -> Response:
        """Ends the API's session and the browser's."""
        token = self.token_of(request)
        if token is not None:
            # Where the API is out of reach or has ended it already, the browser forgets it all the same.
            with suppress(ApiError):
                await self.backend.api(token, forwarded(request)).send("SignOut")
        self.begin_session(request, None)
        return RedirectResponse(login_path("out", None), 303)


async def credentials(request: Request) -> tuple[str, str, str] | None:
    """Phone, password and return path of a sign-in request; None where it is not one of ours."""
    length = request.headers.get("content-length", "")
    if request.headers.get("content-type") != "application/json":
        return None
    if not (length.isascii() and length.isdigit()) or int(length) > BODY_LIMIT_BYTES:
        return None
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        return None
    phone, password, back = (text_field(body, name) for name in FIELD_LIMITS)
    return (phone, password, back) if phone and password and back is not None else None


def text_field(body: object, name: str) -> str | None:
    """A field of a sign-in request; None where it is no text that a person could have typed."""
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str) or len(value) > FIELD_LIMITS[name] or "\0" in value:
        return None
    return value


def sign_in_problem(error: ApiError) -> str:
    """Why signing in did not work, other than by what was typed."""
    if error.code == "UNAVAILABLE":
        return "The server cannot be reached. Try again in a moment."
    return str(error)


def forwarded(request: Request) -> Mapping[str, str]:
    """Whose request this is, for the API's list of sessions and its limits."""
    host = request.client.host if request.client else ""
    agent = request.headers.get("user-agent", "")
    return {"X-Forwarded-For": host, "User-Agent": agent.encode("ascii", "replace").decode()}


def login_path(reason: str | None, back: str | None) -> str:
    """The sign-in page, saying why, and where to go on afterwards."""
    onward = local_path(back) if back else HOME
    return address("/login", {"reason": reason or "", "back": onward if onward != HOME else ""})


def local_path(path: str | None) -> str:
    """A path of this site to go on to; anything that could lead elsewhere becomes the first page."""
    return path if path and LOCAL_PATH.fullmatch(path) and not path.startswith("/login") else HOME
