"""One REST request as its route reads it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request

from domain.refusals import NotFound
from resolvers.context import RequestContext
from resolvers.root import schema
from server.bodies import body_of
from server.graphql_guard import Limits
from server.openapi import Described
from server.own_operations import OwnOperations
from server.problems import Refused
from services.tenant_names import tenants_named

_OPERATIONS = OwnOperations(schema, Path(__file__).parent / "rest.graphql")


@dataclass(frozen=True)
class Ask:
    """Who asks, and what: the parts of the address and the parameters behind it as values."""

    request: Request
    context: RequestContext
    described: Described
    path: dict[str, str]
    query: dict[str, Any]

    async def body(self) -> dict[str, Any]:
        """The JSON object that was sent."""
        return self.described.read_body(await body_of(self.request, Limits()))

    async def tenant(self, name: str) -> UUID:
        """By its id or its externalId."""
        return (await tenants_named(self.context.signed_in, [name]))[name]

    async def run(self, operation: str, **variables: Any) -> Any:
        """One of rest.graphql, with what the address says. Raises NotFound for no answer, and Refused."""
        answer = await _OPERATIONS.run(operation, {**self.path, **self.query, **variables}, self.context)
        if answer is None:
            raise NotFound("There is no such thing, or none that you may see.")
        if "code" in answer:
            raise Refused(answer)
        return answer

    async def move(self, operation: str, asked: dict[str, Any], wallet_id: str) -> Any:
        """One that moves money: the wallet right after it, and what was written. Without a key each request counts."""
        given = dict(self.request.scope["headers"]).get(b"idempotency-key")
        key = uuid4().hex if given is None else given.decode(errors="surrogateescape")
        asked = {**asked, "walletId": wallet_id, "idempotencyKey": key, "dryRun": self.query["dryRun"]}
        moved = await self.run(operation, input=asked)
        return {**moved.pop("after"), **moved}
