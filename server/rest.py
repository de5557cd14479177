"""The REST routes of the two cards. Each asks what rest.graphql has it ask: who may what is decided there."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from domain import access, ids
from domain.refusals import BadInput
from resolvers.paging import cursor
from schema.scalars import show_instant
from server.graphql_http import MakeContext
from server.openapi import PAGES, operation
from server.problems import problem_of, unrouted
from server.rest_ask import Ask, found
from services.pricing_queries import usual_service
from services.tenant_names import date_begins

Handler = Callable[[Ask], Awaitable[Any]]
_PAGE_SIZE = 50
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


async def _wallet_of_user(ask: Ask) -> Any:
    return found((await ask.run("WalletOfUser"))["wallet"])


async def _create_wallet(ask: Ask) -> Any:
    return (await ask.run("CreateWallet", **await ask.body()))["wallet"]


async def _set_balance(ask: Ask) -> Any:
    return await _adjust(ask, _said_as(await ask.body(), "balanceMinor", "amountMinor"), "SET")


async def _change_balance(ask: Ask) -> Any:
    body = await ask.body()
    how = body.get("operation")
    return await _adjust(ask, body, how.upper() if type(how) is str else how)


async def _adjust(ask: Ask, asked: dict[str, Any], how: Any) -> Any:
    return await ask.move("Adjust", {"description": "", **asked, "operation": how, "walletId": ask.path["wallet_id"]})


async def _delete_wallet(ask: Ask) -> Any:
    owner = (await ask.run("Owner"))["owner"]
    return await _delete(ask, owner["kind"], owner["id"])


async def _create_user(ask: Ask) -> Any:
    asked = await _with_tenant(ask, await ask.body())
    return (await ask.run("CreateUser", input={**asked, "dryRun": ask.query["dryRun"]}))["user"]


async def _update_user(ask: Ask) -> Any:
    asked, user = await _with_tenant(ask, await ask.body()), await ask.run("UserId")
    return (await ask.run("UpdateUser", id=user["id"], input=asked))["user"]


async def _delete_user(ask: Ask) -> Any:
    return await _delete(ask, "User", (await ask.run("UserId"))["id"])


async def _delete(ask: Ask, kind: str, owner_id: str) -> Any:
    return {**(await ask.run(f"Delete{kind}", id=owner_id))["owner"], "deleted": not ask.query["dryRun"]}


async def _with_tenant(ask: Ask, asked: dict[str, Any]) -> dict[str, Any]:
    name = asked.get("tenantId")
    return {**asked, "tenantId": ids.make("ten", await ask.tenant(name))} if type(name) is str else asked


async def _top_up(ask: Ask) -> Any:
    wallet_id = ids.make("wal", await ask.tenant(ask.path["tenantId"]))
    return await ask.move("TopUp", {**await ask.body(), "walletId": wallet_id})


async def _pricing(ask: Ask) -> Any:
    tenant_id = await ask.tenant(ask.path["tenantId"])
    at = {"at": await _instant(ask, tenant_id, ask.query["at"])} if "at" in ask.query else {}
    page = (await ask.run("Pricing", id=ids.make("ten", tenant_id), **at))["prices"]
    return {**page, "pricing": [_as_on_the_card(price) for price in page["pricing"]]}


async def _set_price(ask: Ask) -> Any:
    tenant_id = await ask.tenant(ask.path["tenantId"])
    asked = _said_as(await ask.body(), "pricePerPageMinor", "unitPriceMinor", "unit", "model")
    if "effectiveFrom" in asked:
        asked["effectiveFrom"] = await _instant(ask, tenant_id, asked["effectiveFrom"])
    asked = {"service": await usual_service(tenant_id), **asked, "tenantId": ids.make("ten", tenant_id)}
    answer = await ask.run("SetPrice", input={**asked, "dryRun": ask.query["dryRun"]})
    return {**_as_on_the_card(answer["price"]), "timeline": [_as_on_the_card(price) for price in answer["timeline"]]}


async def _instant(ask: Ask, tenant_id: UUID, given: Any) -> Any:
    if type(given) is str and _DATE.fullmatch(given):
        return show_instant(await date_begins(ask.context.signed_in, tenant_id, given))
    return given


def _as_on_the_card(price: dict[str, Any]) -> dict[str, Any]:
    """With the minor units for a page, where it is a price for each page."""
    each = price["unitPriceMinor"] if (price["model"], price["unit"]) == ("PER_UNIT", "page") else None
    return {**price, "pricePerPageMinor": int(each) if each and each.isdigit() else each}


async def _transactions(ask: Ask) -> Any:
    """Versions have no gaps, so page N is a range of them; it shows the oldest first."""
    page = ask.query["page"]
    wallet = await ask.run("Transactions", before=cursor(str((page - 1) * _PAGE_SIZE)) if page > 1 else None)
    lines, total = reversed(wallet.pop("transactions")), wallet.pop("version")
    place = {"page": page, "pageSize": _PAGE_SIZE, "pages": -(-total // _PAGE_SIZE), "total": total}
    return {"transactions": [*lines], **place, **wallet}


def _said_as(body: dict[str, Any], name: str, other: str, *implied: str) -> dict[str, Any]:
    """The card's name for a field, which is another's of ours and may imply more."""
    if name not in body:
        return body
    if both := sorted(body.keys() & {other, *implied}):
        raise BadInput(f"Beside {name} leave out {' and '.join(both)}.")
    return {**{field: value for field, value in body.items() if field != name}, other: body[name]}


ROUTES: dict[str, dict[str, Handler]] = {
    "/api/core/wallet/wallets": {"GET": lambda ask: ask.run("Wallets")},
    "/api/core/wallet/wallet/user/{user_id}": {"GET": _wallet_of_user},
    "/api/core/wallet/wallet/create": {"POST": _create_wallet},
    "/api/core/wallet/wallet/{wallet_id}": {
        "GET": lambda ask: ask.run("Wallet"),
        "PUT": _set_balance,
        "DELETE": _delete_wallet,
    },
    "/api/core/wallet/wallet/{wallet_id}/balance": {"PUT": _change_balance},
    "/api/core/user/users": {"GET": lambda ask: ask.run("Users")},
    "/api/core/user/user/create": {"POST": _create_user},
    "/api/core/user/user/{phone}": {"GET": lambda ask: ask.run("User"), "PUT": _update_user, "DELETE": _delete_user},
    "/api/v1/admin/tenants/{tenantId}/wallet/topup": {"POST": _top_up},
    "/api/v1/admin/tenants/{tenantId}/pricing": {"GET": _pricing, "POST": _set_price},
    "/api/v1/tenant/wallet/balance": {"GET": lambda ask: ask.run("Balance")},
    "/api/v1/tenant/wallet/transactions": {"GET": _transactions},
}


def mount(make_context: MakeContext) -> Mount:
    """All that stands under /api; for what no route takes there is a problem too."""
    routes = [
        Route(
            path.removeprefix("/api").replace("{tenantId}", "{tenantId:path}"),  # an externalId may have slashes
            _endpoint(path, handlers, make_context),
            methods=[*handlers],
        )
        for path, handlers in ROUTES.items()
    ]
    app = Starlette(routes=[*routes, *PAGES], exception_handlers={HTTPException: unrouted})
    app.router.redirect_slashes = False
    return Mount("/api", app)


def _endpoint(
    path: str, handlers: Mapping[str, Handler], make_context: MakeContext
) -> Callable[[Request], Awaitable[Response]]:
    described = {method: operation(path, method) for method in handlers}

    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        what, address = described[method], request.client.host if request.client else ""
        try:
            context = await make_context(dict(request.scope["headers"]), address)
            access.signed_in(context.viewer)
            query = what.read_parameters(request.query_params)
            content = await handlers[method](Ask(request, context, what, request.path_params, query))
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as why:
            return problem_of(why)
        status = 201 if what.makes and not query["dryRun"] else 200
        return Response(orjson.dumps(content), status, media_type="application/json")

    return answer
