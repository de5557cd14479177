"""A wallet's log as a file: asked for page by page in its viewer's name, and passed on at once."""

from collections.abc import AsyncIterator
from typing import Any

from nicegui import app
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

from dashboard.client import Api, ApiError
from dashboard.format import Currency
from dashboard.log_csv import csv_row, header
from dashboard.log_filter import REASONS, TYPES, asked
from dashboard.names import Names
from dashboard.session import Desk, forwarded, login_path
from dashboard.shapes.lists import nodes

PAGE_SIZE = 100
STATUS = {"NOT_FOUND": 404, "FORBIDDEN": 403, "BAD_USER_INPUT": 422, "RATE_LIMITED": 429}
# Byte order mark: without it spreadsheets take the rupee sign and names for another encoding.
MARK = "\ufeff"


def register(desk: Desk) -> None:
    """Makes the address known."""

    @app.get("/wallet/{wallet_id}/log.csv", include_in_schema=False)
    async def log_csv(request: Request, wallet_id: str) -> Response:
        token = desk.token_of(request)
        if token is None:
            return RedirectResponse(login_path(None, f"/wallet/{wallet_id}"), 303)
        api = desk.backend.api(token, forwarded(request))
        where = filter_of(request)
        try:
            first = await page(api, wallet_id, where, None)
        except ApiError as error:
            if error.code == "UNAUTHENTICATED":
                return RedirectResponse(login_path("expired", f"/wallet/{wallet_id}"), 303)
            return PlainTextResponse(str(error), STATUS.get(error.code, 502))
        if first is None:
            return PlainTextResponse("There is no such wallet.", 404)
        disposition = {"content-disposition": f'attachment; filename="{first["id"]}.csv"', "cache-control": "no-store"}
        lines = rows(api, where, first)
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=disposition)


def filter_of(request: Request) -> dict[str, object] | None:
    """What the address names; what it cannot mean is left out."""
    query = request.query_params
    kind, reason = query.get("type", ""), query.get("reason", "")
    return asked(
        kind if kind in TYPES else "",
        reason if reason in REASONS else "",
        query.get("from", ""),
        query.get("until", ""),
    )


async def page(api: Api, wallet_id: str, where: dict[str, object] | None, after: str | None) -> dict[str, Any] | None:
    """The wallet with a page of its log. May raise ApiError."""
    answer = await api.send("WalletLog", id=wallet_id, first=PAGE_SIZE, after=after, filter=where)
    wallet: dict[str, Any] | None = answer["wallet"]
    return wallet


async def rows(api: Api, where: dict[str, object] | None, wallet: dict[str, Any]) -> AsyncIterator[str]:
    """Newest first. Where the API fails on the way, the download breaks off: a part must not look like the whole."""
    currency, names = Currency(wallet["currency"], wallet["currencyExponent"]), Names(api, {})
    yield MARK + header()
    while True:
        lines = nodes(wallet["transactions"])
        await names.learn(line["actor"] for line in lines)
        yield "".join(csv_row(line, currency, names) for line in lines)
        info = wallet["transactions"]["pageInfo"]
        if not info["hasNextPage"]:
            return
        following = await page(api, wallet["id"], where, info["endCursor"])
        if following is None:
            raise ApiError("NOT_FOUND", "The wallet is gone from the viewer's sight.")
        wallet = following
