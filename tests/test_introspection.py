"""The schema is told to those who see all, or to everybody where it is developed against; its page likewise."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from graphql import build_client_schema, get_introspection_query, print_schema

from resolvers.root import schema
from tests.api import PHONE, Api, Client, api
from tests.database import copy

PASSWORD = "a password of somebody else"
TYPES = "{ __schema { types { name } } }"
BY_FRAGMENT = (
    "query Named($name: String!) { ...A } fragment A on Query { ... on Query { it: __type(name: $name) { name } } }"
)
SIGN_IN = "To read the schema, "
HEADERS = {"Accept": "application/graphql-response+json", "Content-Type": "application/json"}
OTHER_WORDS = ("graphiql.min.css", "GraphQL Playground", "GraphiQL", "graphiql", "graphql-playground")

CREATE_USER = "mutation ($input: CreateUserInput!) { createUser(input: $input) { ... on UserPayload { user { id } } } }"
CREATE_TENANT = 'mutation { createTenant(input: {name: "One"}) { ... on TenantPayload { tenant { id } } } }'
CREATE_TOKEN = (
    "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { ... on ApiTokenPayload { token } } }"
)


@pytest_asyncio.fixture(scope="module")
async def here(database_server: Any, administrator: Any) -> AsyncIterator[Api]:
    async with copy(database_server, administrator) as url, api(url) as served:
        yield served


@pytest_asyncio.fixture(scope="module")
async def askers(here: Api) -> dict[str, Client]:
    tenant = (await here.signed_in.get(CREATE_TENANT))["tenant"]["id"]

    async def user(phone: str, role: str, tenant_id: str | None) -> Client:
        given = {"phone": phone, "name": "Ravi", "password": PASSWORD, "role": role, "tenantId": tenant_id}
        await here.signed_in.get(CREATE_USER, input=given)
        return await here.nobody.sign_in(phone, PASSWORD)

    async def token(tenant_id: str | None) -> Client:
        given = {"name": "a program", "permissions": ["wallet:read"], "tenantId": tenant_id}
        return Client(here.http, here.url, (await here.signed_in.get(CREATE_TOKEN, input=given))["token"])

    return {
        "nobody": here.nobody,
        "a token that is none": Client(here.http, here.url, "tij_none"),
        "member": await user("+919876500001", "MEMBER", tenant),
        "tenant admin": await user("+919876500002", "TENANT_ADMIN", tenant),
        "tenant token": await token(tenant),
        "support": await user("+919876500003", "SUPPORT", None),
        "super admin": here.signed_in,
        "unbound token": await token(None),
    }


async def asked(client: Client, query: str, **variables: Any) -> tuple[int, Any]:
    sent = {"query": query, "variables": variables}
    response = await client.http.post(client.url, json=sent, headers={**HEADERS, **client.headers})
    return response.status_code, response.json()


REFUSED = {
    "nobody": (401, "UNAUTHENTICATED"),
    "a token that is none": (401, "UNAUTHENTICATED"),
    "member": (403, "FORBIDDEN"),
    "tenant admin": (403, "FORBIDDEN"),
    "tenant token": (403, "FORBIDDEN"),
}


async def test_only_those_who_see_all_read_the_schema_however_often_others_have_asked_alike(
    here: Api, askers: dict[str, Client]
) -> None:
    for _ in range(2):  # the document is remembered, who may ask it is not
        for name, client in askers.items():
            for query, variables in ((TYPES, {}), (BY_FRAGMENT, {"name": "Wallet"})):
                status, answer = await asked(client, query, **variables)
                if name not in REFUSED:
                    assert (status, "errors" in answer) == (200, False), name
                    continue
                (error,) = answer["errors"]
                assert (status, error["extensions"]["code"], "data" in answer) == (*REFUSED[name], False), name


async def test_over_a_socket_the_same_is_answered(here: Api, askers: dict[str, Client]) -> None:
    for name, client in askers.items():
        async with here.subscribe(client, TYPES) as stream:
            payload = await stream.next()
        if name in REFUSED:
            assert [error["extensions"]["code"] for error in payload] == [REFUSED[name][1]], name
        else:
            assert len(payload["data"]["__schema"]["types"]) > 100, name


async def test_the_name_of_a_type_is_no_secret(askers: dict[str, Client]) -> None:
    assert await asked(askers["nobody"], "{ __typename }") == (200, {"data": {"__typename": "Query"}})
    assert await asked(askers["nobody"], "mutation { __typename }") == (200, {"data": {"__typename": "Mutation"}})


async def test_what_programs_generate_code_from_is_the_whole_schema(askers: dict[str, Client]) -> None:
    _, answer = await asked(askers["unbound token"], get_introspection_query(input_value_deprecation=True))
    told = print_schema(build_client_schema(answer["data"]))
    assert told.count("\ntype ") == schema.as_str().count("\ntype ")


MISSPELT: dict[str, tuple[str, dict[str, Any]]] = {
    "a field": ("{ walets { totalCount } }", {}),
    "a field of another type": ("{ node(id: 1) { balance { total } } }", {}),
    "an argument": ('{ tenant(externalID: "a") { id } }', {}),
    "an argument of a directive": ("{ viewer @skip(iff: true) { id } }", {}),
    "a type": ("query ($filter: WaletFilter) { wallets(filter: $filter) { totalCount } }", {}),
    "a type of a fragment": ("{ viewer { ...A } } fragment A on Users { id }", {}),
    "an enum value": ("{ invoices(status: PAYD) { totalCount } }", {}),
    "an enum value in quotes": ('{ invoices(status: "PAID") { totalCount } }', {}),
    "an input field": ("{ wallets(filter: {serch: 1}) { totalCount } }", {}),
    "an enum value in a variable": (
        "query ($s: InvoiceStatus) { invoices(status: $s) { totalCount } }",
        {"s": "PAYD"},
    ),
    "an input field in a variable": (
        "query ($f: WalletFilter) { wallets(filter: $f) { totalCount } }",
        {"f": {"serch": "a"}},
    ),
    "a mutation": ("mutation { signInn }", {}),
    "introspection": ("query cop { __schema { directive } }", {}),
}


@pytest.mark.parametrize("name", MISSPELT)
async def test_a_misspelt_name_is_refused_without_a_word_about_others(here: Api, name: str) -> None:
    query, variables = MISSPELT[name]
    for client in (here.nobody, here.signed_in):
        status, answer = await asked(client, query, **variables)
        assert status == 400
        assert answer["errors"]
        assert "did you mean" not in str(answer).lower()
        async with here.subscribe(client, query, **variables) as stream:
            refused = await stream.errors() if "mutation" not in query else []
        assert "did you mean" not in str(refused).lower()


async def test_a_subscription_with_a_misspelt_variable_is_refused_without_a_word_about_others(here: Api) -> None:
    query = "subscription ($f: WalletFilter) { walletsChanged(filter: $f) { id } }"
    async with here.subscribe(here.signed_in, query, f={"lockd": True}) as stream:
        (error,) = await stream.errors()
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "lockd" in error["message"]
    assert "did you mean" not in error["message"].lower()


async def page(here: Api) -> str:
    response = await here.http.get(here.url, headers={"Accept": "text/html"})
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return response.text


async def files(here: Api, client: Client) -> tuple[int, Any]:
    response = await here.http.post(here.url.replace("/graphql", "/explorer/files"), headers=client.headers)
    return response.status_code, response.json()


def address(here: Api, path: str) -> str:
    return here.url.removesuffix("/graphql") + path


async def test_nobody_gets_a_page_to_sign_in_and_no_more(here: Api) -> None:
    html = await page(here)
    own = [word for word in html.replace("'", '"').split('"') if word.startswith("/explorer/page/")]
    assert len(set(own)) == 3
    texts = [html, *[(await here.http.get(address(here, path))).text for path in own]]
    assert [word for word in OTHER_WORDS if any(word in text for text in texts)] == []
    assert "<script>" not in html
    assert "://" not in html.replace("http://www.w3.org", "")


async def test_where_its_files_are_is_told_to_those_who_read_the_schema(here: Api, askers: dict[str, Client]) -> None:
    for name, client in askers.items():
        status, answer = await files(here, client)
        if name in REFUSED:
            assert (status, answer["errors"][0]["extensions"]["code"]) == REFUSED[name], name
            continue
        for path in (*answer["styles"], *answer["scripts"]):
            assert (await here.http.get(address(here, path))).status_code == 200
            _, _, key, file = path.split("/")
            assert (await here.http.get(address(here, f"/explorer/{'0' * len(key)}/{file}"))).status_code == 404
            assert (await here.http.get(address(here, f"/explorer/{key}/..%2fexplorer%2fpage.html"))).status_code == 404


async def test_a_second_password_in_one_request_is_not_tried(here: Api) -> None:
    one, two = (f'signIn(phone: "{PHONE}", password: "guess {n}") {{ __typename }}' for n in range(2))
    for document in (
        f"mutation {{ a: {one} b: {two} }}",
        f"mutation {{ ...A ...B }} fragment A on Mutation {{ a: {one} }} fragment B on Mutation {{ b: {two} }}",
    ):
        status, answer = await asked(here.nobody, document)
        assert status == 400
        assert answer["errors"][0]["message"].startswith("A request may hold signIn once; this asks 2 times.")
