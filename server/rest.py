# ruff: noqa: D102 - what each route answers stands in static/openapi.json
"""The REST routes of the two cards. Each asks what rest.graphql has it ask: who may what is decided there."""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from domain import access, ids
from domain.refusals import BadInput
from resolvers.context import MakeContext
from resolvers.paging import cursor
from resolvers.usage_batch import record_batch
from schema.scalars import show_instant
from server.bodies import body_of
from server.graphql_guard import Limits
from server.openapi import PAGES, operation
from server.problems import problem_of, unrouted
from server.rest_ask import Ask
from services.pricing_queries import date_begins, usual_service

Json = dict[str, Any]
_PAGE_SIZE = 50
_OF_USAGE = Limits(body_bytes=4 * 1024 * 1024, json_values=100_000)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Answers(Ask):
    """To those routes that say something otherwise than their operations do."""

    async def create_wallet(self) -> Any:
        return await self.run("CreateWallet", **await self.body())

    async def set_balance(self) -> Any:
        return await self._adjust(_said_as(await self.body(), "balanceMinor", "amountMinor"), "SET")

    async def change_balance(self) -> Any:
        body = await self.body()
        how = body.get("operation")
        return await self._adjust(body, how.upper() if type(how) is str else how)

    async def _adjust(self, asked: Json, how: Any) -> Any:
        return await self.move("Adjust", {"description": "", **asked, "operation": how}, self.path["wallet_id"])

    async def delete_wallet(self) -> Any:
        owner = await self.run("Owner")
        return await self._delete(owner["kind"], owner["id"])

    async def create_user(self) -> Any:
        asked = await self._with_tenant(await self.body())
        return await self.run("CreateUser", input={**asked, "dryRun": self.query["dryRun"]})

    async def update_user(self) -> Any:
        asked = await self._with_tenant(await self.body())
        return await self.run("UpdateUser", id=(await self.run("UserId"))["id"], input=asked)

    async def delete_user(self) -> Any:
        return await self._delete("User", (await self.run("UserId"))["id"])

    async def _delete(self, kind: str, owner_id: str) -> Any:
        return {**await self.run(f"Delete{kind}", id=owner_id), "deleted": not self.query["dryRun"]}

    async def _with_tenant(self, asked: Json) -> Json:
        name = asked.get("tenantId")
        return {**asked, "tenantId": ids.make("ten", await self.tenant(name))} if type(name) is str else asked

    async def top_up(self) -> Any:
        return await self.move("TopUp", await self.body(), ids.make("wal", await self.tenant(self.path["tenantId"])))

    async def pricing(self) -> Any:
        tenant_id = await self.tenant(self.path["tenantId"])
        at = {"at": await self._instant(tenant_id, self.query["at"])} if "at" in self.query else {}
        page = await self.run("Pricing", id=ids.make("ten", tenant_id), **at)
        return {**page, "pricing": [_as_on_the_card(price) for price in page["pricing"]]}

    async def set_price(self) -> Any:
        tenant_id = await self.tenant(self.path["tenantId"])
        asked = _said_as(await self.body(), "pricePerPageMinor", "unitPriceMinor", "unit", "model")
        if "effectiveFrom" in asked:
            asked["effectiveFrom"] = await self._instant(tenant_id, asked["effectiveFrom"])
        if "service" not in asked:
            asked["service"] = await usual_service(self.context.signed_in, tenant_id)
        asked = {**asked, "tenantId": ids.make("ten", tenant_id)}
        answer = await self.run("SetPrice", input={**asked, "dryRun": self.query["dryRun"]})
        timeline = [_as_on_the_card(price) for price in answer["timeline"]]
        return {**_as_on_the_card(answer["price"]), "timeline": timeline}

    async def _instant(self, tenant_id: UUID, given: Any) -> Any:
        if type(given) is str and _DATE.fullmatch(given):
            return show_instant(await date_begins(self.context.signed_in, tenant_id, given))
        return given

    async def transactions(self) -> Any:
        """Versions have no gaps, so page N is a range of them; it shows the oldest first."""
        page = self.query["page"]
        wallet = await self.run("Transactions", before=cursor(str((page - 1) * _PAGE_SIZE)) if page > 1 else None)
        lines, total = reversed(wallet.pop("transactions")), wallet.pop("version")
        place = {"page": page, "pageSize": _PAGE_SIZE, "pages": -(-total // _PAGE_SIZE), "total": total}
        return {"transactions": [*lines], **place, **wallet}

    async def record_usage(self) -> Any:
        limits = _OF_USAGE if access.holds(self.context.signed_in, "usage:write") else Limits()
        sent = await body_of(self.request, limits)
        async with self.context.core.batches.entered():
            body = self.described.read_body(sent, limits)
            return await record_batch(self.context, body.get("events"), dry_run=self.query["dryRun"])


def _said_as(body: Json, name: str, other: str, *implied: str) -> Json:
    """The card's name for a field, which is another's of ours and may imply more."""
    if name not in body:
        return body
    if both := sorted(body.keys() & {other, *implied}):
        raise BadInput(f"Beside {name} leave out {' and '.join(both)}.")
    return {**{field: value for field, value in body.items() if field != name}, other: body[name]}


def _as_on_the_card(price: Json) -> Json:
    """With the minor units for a page, where each page costs a whole number of them."""
    each = price["unitPriceMinor"] if (price["model"], price["unit"]) == ("PER_UNIT", "page") else None
    return {**price, "pricePerPageMinor": int(each) if each and each.isdigit() else None}


def _plain(operation: str) -> "Handler":
    return lambda ask: ask.run(operation)


Handler = Callable[[Answers], Awaitable[Any]]
Endpoint = Callable[[Request], Awaitable[Response]]
ROUTES: dict[str, dict[str, Handler]] = {
    "/api/core/wallet/wallets": {"GET": _plain("Wallets")},
    "/api/core/wallet/wallet/user/{user_id}": {"GET": _plain("WalletOfUser")},
    "/api/core/wallet/wallet/create": {"POST": Answers.create_wallet},
    "/api/core/wallet/wallet/{wallet_id}": {
        "GET": _plain("Wallet"),
        "PUT": Answers.set_balance,
        "DELETE": Answers.delete_wallet,
    },
    "/api/core/wallet/wallet/{wallet_id}/balance": {"PUT": Answers.change_balance},
    "/api/core/user/users": {"GET": _plain("Users")},
    "/api/core/user/user/create": {"POST": Answers.create_user},
    "/api/core/user/user/{phone}": {
        "GET": _plain("User"),
        "PUT": Answers.update_user,
        "DELETE": Answers.delete_user,
    },
    "/api/v1/admin/tenants/{tenantId}/wallet/topup": {"POST": Answers.top_up},
    "/api/v1/admin/tenants/{tenantId}/pricing": {"GET": Answers.pricing, "POST": Answers.set_price},
    "/api/v1/tenant/wallet/balance": {"GET": _plain("Balance")},
    "/api/v1/tenant/wallet/transactions": {"GET": Answers.transactions},
    "/api/v1/usage": {"POST": Answers.record_usage},
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


def _endpoint(path: str, handlers: dict[str, Handler], make_context: MakeContext) -> Endpoint:
    described = {method: operation(path, method) for method in handlers}

    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        what, address = described[method], request.client.host if request.client else ""
        try:
            context = await make_context(dict(request.scope["headers"]), address)
            access.signed_in(context.viewer)
            query = what.read_parameters(request.query_params)
            content = await handlers[method](Answers(request, context, what, request.path_params, query))
        except Exception as why:
            return problem_of(why)
        status = 201 if what.makes and not query["dryRun"] else 200
        return Response(orjson.dumps(content), status, media_type="application/json")

    return answer
