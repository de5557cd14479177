"""Files of bulk top-ups: taken from the browser, checked for what they are, and what became of them given back."""

from collections.abc import Callable, Iterable, Iterator

from nicegui import app
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse

from dashboard.bulk_batch import Batch
from dashboard.bulk_csv import rest, results
from dashboard.bulk_lines import MOST_BYTES, FileError, Line, decode, read_lines
from dashboard.bulk_shelf import Shelf, ShelfError
from dashboard.client import ApiError
from dashboard.session import Desk, forwarded, login_path

TAKEN_AT = "/wallet/bulk/file"
PARTS: dict[str, Callable[[Iterable[Line]], Iterator[str]]] = {"results": results, "rest": rest}


def register_files(desk: Desk, shelf: Shelf) -> None:
    """Makes their addresses known."""

    @app.post(TAKEN_AT, include_in_schema=False)
    async def take(request: Request) -> Response:
        owner = await payer(desk, request)
        if isinstance(owner, Response):
            return owner
        try:
            content = await limited(request)
            batch = shelf.keep(owner, Batch(read_lines(decode(content))))
        except (FileError, ShelfError) as problem:
            return JSONResponse({"problem": str(problem)}, 422)
        except ClientDisconnect:
            return JSONResponse({"problem": "It did not arrive whole. Send it again."}, 400)
        return JSONResponse({"batch": batch.name})

    @app.get("/wallet/bulk/{name}/{part}.csv", include_in_schema=False)
    async def give(request: Request, name: str, part: str) -> Response:
        owner = await payer(desk, request)
        if isinstance(owner, Response):
            return RedirectResponse(login_path("expired", "/wallet/bulk"), 303) if owner.status_code == 401 else owner
        batch, write = shelf.of(owner, name), PARTS.get(part)
        if batch is None or write is None:
            return PlainTextResponse("There is no such file.", 404)
        file = f'attachment; filename="batch-{batch.name}-{part}.csv"'
        headers = {"content-disposition": file, "cache-control": "no-store"}
        return StreamingResponse(write(batch.lines), media_type="text/csv; charset=utf-8", headers=headers)


async def payer(desk: Desk, request: Request) -> str | Response:
    """Who asks, if they may pay; else the answer to them."""
    token = desk.token_of(request)
    if token is None:
        return JSONResponse({"problem": "Sign in first."}, 401)
    try:
        viewer = (await desk.backend.api(token, forwarded(request)).send("Viewer"))["viewer"]
    except ApiError as error:
        return JSONResponse({"problem": str(error)}, 401 if error.code == "UNAUTHENTICATED" else 503)
    if viewer is None:
        return JSONResponse({"problem": "Sign in first."}, 401)
    if viewer["role"] != "SUPER_ADMIN":
        return JSONResponse({"problem": "There is no such page."}, 404)
    return str(viewer["id"])


async def limited(request: Request) -> bytes:
    """A body that a file may have. Raises FileError for more, without reading on."""
    content = bytearray()
    async for some in request.stream():
        content += some
        if len(content) > MOST_BYTES:
            raise FileError("It is larger than 1 MiB: send it in parts.")
    return bytes(content)
