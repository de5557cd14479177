"""A client of the REST routes. Whatever they answer must be as their description says, or the test fails."""

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import httpx
import jsonschema_rs

from server.openapi import DESCRIPTION
from server.rest import ROUTES
from tests.api import PASSWORD, PHONE, Api

PROBLEM = "application/problem+json"
TENANT = """mutation ($input: CreateTenantInput!) {
  createTenant(input: $input) { ... on TenantPayload { tenant { id } } ... on Refusal { message } } }"""
TOKEN = """mutation ($tenant: ID, $permissions: [String!]!) {
  createApiToken(input: {name: "tests", tenantId: $tenant, permissions: $permissions}) {
    ... on ApiTokenPayload { token } } }"""
READS = ["wallet:read", "price:read", "usage:read", "invoice:read", "tenant:read"]


@dataclass(frozen=True)
class Rest:
    """Asks as whom its token names: an administrator, where nothing else is said."""

    here: Api
    token: str | None

    @property
    def base(self) -> str:
        return self.here.url.removesuffix("/graphql")

    async def ask(self, method: str, path: str, body: Any = None, headers: dict[str, Any] | None = None) -> Any:
        """The JSON that is answered to what goes well."""
        response = await self.send(method, path, body, headers)
        assert response.status_code in (200, 201), response.text
        return response.json()

    async def problem(self, method: str, path: str, body: Any = None, headers: dict[str, Any] | None = None) -> Any:
        """The problem that is answered to what does not."""
        response = await self.send(method, path, body, headers)
        assert response.headers["content-type"] == PROBLEM, response.text
        return response.json()

    async def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, Any] | None = None
    ) -> httpx.Response:
        """The answer, once it is known to be as it was described. A body that is bytes goes out as it is."""
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        response = await self.here.http.request(
            method, self.base + path, content=content, headers={**given, **(headers or {})}
        )
        check(method, path.partition("?")[0], response)
        return response

    def by(self, token: str | None) -> "Rest":
        return replace(self, token=token)

    async def tenant(self, external_id: str, **terms: Any) -> str:
        made = await self.here.admin.get(TENANT, input={"name": "Mohan Sai", "externalId": external_id, **terms})
        tenant_id: str = made["tenant"]["id"]
        return tenant_id

    async def tokened(self, tenant_id: str | None, *permissions: str) -> "Rest":
        """With a token of these permissions, bound to the tenant; made by a session, since tokens give away less."""
        administrator = await self.here.nobody.sign_in(PHONE, PASSWORD)
        made = await administrator.get(TOKEN, tenant=tenant_id, permissions=list(permissions or READS))
        return self.by(made["token"])


def check(method: str, path: str, response: httpx.Response) -> None:
    """The status is described, and so is what comes with it."""
    route = route_of(path)
    described = DESCRIPTION["paths"].get(route, {}).get("get" if method == "HEAD" else method.lower())
    if described is None or method == "HEAD":
        assert response.status_code in (200, 404, 405) or method == "HEAD", response.text
        return
    status = str(response.status_code)
    assert status in described["responses"], f"{method} {route} answers {status}: {response.text}"
    answer = described["responses"][status]
    name = answer.get("$ref", "").rpartition("/")[2]
    content = (DESCRIPTION["components"]["responses"][name] if name else answer)["content"]
    media_type = response.headers["content-type"]
    assert media_type in content
    schema = content[media_type]["schema"]["$ref"].rpartition("/")[2]
    errors = [f"{error.instance_path}: {error.message}" for error in validator(schema).iter_errors(response.json())]
    assert errors == [], response.text


def route_of(path: str) -> str | None:
    """The most literal of the routes that this path is one of."""
    return max((route for route in ROUTES if _fits(route, path)), key=lambda route: -route.count("{"), default=None)


def _fits(route: str, path: str) -> bool:
    parts = zip(route.split("/"), path.split("/"), strict=False)
    return route.count("/") == path.count("/") and all(one in (two, one * one.startswith("{")) for one, two in parts)


@cache
def validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """Of one of the description's schemas."""
    whole = {"$ref": f"#/components/schemas/{schema}", "components": DESCRIPTION["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
