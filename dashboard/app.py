"""Mounts the dashboard on an outer app: pages, files, session cookie, and the headers that keep a page to itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nicegui import app, ui
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import theme, wire
from dashboard.client import Backend
from dashboard.door import COOKIE, Door
from dashboard.pages import (
    access,
    alerts,
    audit,
    billing,
    billing_run,
    bulk,
    invoice,
    login,
    lost,
    operation,
    overview,
    pricing,
    tenant,
    tenants,
    user,
    user_form,
    users,
    wallet,
    wallet_csv,
    wallets,
)
from dashboard.session import Desk
from dashboard.tokens import Tokens

# Of paths that match two, the first: /users/create before /users/{id}, /wallet/bulk before /wallet/{id}.
PAGES = (
    overview,
    login,
    alerts,
    wallets,
    bulk,
    wallet,
    wallet_csv,
    operation,
    users,
    user_form,
    user,
    tenants,
    tenant,
    pricing,
    billing,
    billing_run,
    invoice,
    access,
    audit,
)
SESSION_SECONDS = 14 * 24 * 3600
# Vue compiles templates in the browser, hence eval; nothing may be loaded from, or sent to, another host.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
)


class PageHeaders:
    """Adds the headers to every answer of the dashboard."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, adding headers where an answer starts."""

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self.inner(scope, receive, add if scope["type"] == "http" else send)


def mount(
    outer: Starlette,
    *,
    api_url: str,
    storage_secret: str,
    storage_path: Path,
    secure_cookie: bool = False,
    api_headers: Mapping[str, str] | None = None,
    seller: str = "",
) -> None:
    """Serves the dashboard on every path of `outer` that it has no route for.

    `storage_path` is where sessions' tokens are kept; `secure_cookie` for a site that is served over TLS;
    `api_headers` go out with each request, for the API to believe whose requests these are; `seller` heads invoices.
    """
    backend = Backend(api_url, api_headers)
    app.on_startup(backend.open)
    app.on_shutdown(backend.close)
    add_routes(Desk(backend, Tokens(storage_path), seller))
    theme.install()
    wire.install(COOKIE)
    ui.run_with(
        outer,  # type: ignore[arg-type]  # a plain Starlette has all that run_with uses
        title="Tijori",
        favicon=theme.STATIC / "mark.svg",
        dark=None,
        language="en-GB",
        tailwind=False,
        storage_secret=storage_secret,
        session_middleware_kwargs=cookie(secure=secure_cookie),
        show_welcome_message=False,
    )
    # Added last, so outermost: before the framework begins a session.
    app.add_middleware(Door)
    app.add_middleware(PageHeaders)


def cookie(*, secure: bool) -> dict[str, Any]:
    """The session cookie: never sent along from another site, never readable by scripts."""
    return {
        "session_cookie": COOKIE,
        "max_age": SESSION_SECONDS,
        "same_site": "strict",
        "https_only": secure,
    }


def add_routes(desk: Desk) -> None:
    """The pages and the two forms' targets."""
    for page in PAGES:
        page.register(desk)
    lost.register()
    app.post("/login", include_in_schema=False)(desk.sign_in)
    app.post("/logout", include_in_schema=False)(desk.sign_out)
