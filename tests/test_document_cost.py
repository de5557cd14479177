"""A document can lead to so many objects and no more, however its pages are nested and by whichever way it comes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from graphql import DocumentNode, FragmentDefinitionNode, parse

from resolvers.root import schema
from server.graphql_cost import CostOf
from server.graphql_documents import Documents
from server.graphql_guard import BadRequest, Limits
from tests.api import Api, api

OPERATIONS = Path(__file__).parent.parent / "dashboard" / "operations.graphql"
LOG = "transactions(first: 100) { edges { node { wallet { %s } } } }"
DEEP = "{ myWallet { " + LOG % (LOG % (LOG % "id")) + " } }"
BY_FRAGMENTS = """
{ myWallet { ...A } } fragment A on Wallet { transactions { ...P } } fragment B on Wallet { transactions { ...Q } }
fragment P on TransactionConnection { edges { node { wallet { ...B } } } }
fragment Q on TransactionConnection { ...R } fragment R on TransactionConnection { edges { node { wallet { id
  holds { edges { node { id } } } } } } }
"""

ROOT = 10
OBJECTS = {
    "{ viewer { id } }": ROOT + 1,
    "{ myWallet { id balance { total } } }": ROOT + 2,
    "{ wallets { edges { node { id } } } }": ROOT + 10 + 50 * 2,
    "{ wallets(first: 7) { edges { node { id } } pageInfo { hasNextPage } } }": ROOT + 10 + 7 * 2 + 1,
    "{ wallets(first: null) { edges { cursor } } }": ROOT + 10 + 50,
    "{ wallets(first: 2000000000) { edges { cursor } } }": ROOT + 10 + 100,
    "{ wallets(first: -1) { edges { cursor } } }": ROOT + 10,
    "query ($n: Int = 3) { wallets(first: $n) { edges { cursor } } }": ROOT + 10 + 100,
    "{ wallets(first: 7) { totalCount } }": ROOT + 10 + 10,
    "{ myWallet { transactions(last: 3) { edges { node { id } } } } }": ROOT + 1 + 10 + 3 * 2,
    "{ myWallet { transactions(first: 4, last: 3) { edges { node { id } } } } }": ROOT + 1 + 10 + 4 * 2,
    '{ tenant(externalId: "a") { usage { edges { node { month } } } } }': ROOT + 1 + 10 + 24 * 2,
    '{ operation(id: "a") { transactions { id } } }': ROOT + 1 + 25,
    '{ tenant(externalId: "a") { usageByDay(month: "2025-02") { day } } }': ROOT + 1 + 250 + 25,
    '{ tenants(first: 3) { nodes: edges { node { usageByDay(month: "2025-02") { day } } } } }': (
        ROOT + 10 + 3 * (2 + 250 + 25)
    ),
    '{ myWallet { explain(from: "a", until: "b") { steps { type } } } }': ROOT + 1 + 100 + 1 + 25,
    "subscription { walletsChanged { id balance { total } } }": ROOT + 200 * 2,
    "query A { viewer { id } } query B { wallets(first: 1) { edges { node { id } } } }": ROOT + 10 + 2,
    "{ __schema { types { fields { name } } } }": 0,
    "{ nothing { edges { node } } ...Missing }": 0,
    "{ wallets(first: 1) { ...F } } fragment F on WalletConnection { edges { cursor } ...F }": ROOT + 10 + 1,
    "{ a: viewer { id } b: viewer { id } viewer { id } viewer { name } }": 3 * ROOT + 4,
    "{ ...A ...A ... on Query { c: viewer { id } } } fragment A on Query { a: viewer { id } b: myWallet { id } }": (
        3 * ROOT + 5
    ),
    "mutation { signOut }": 100,
    'mutation { a: lockWallet(walletId: "a", reason: "b") { __typename } signOut }': 2 * 100 + 1,
    "{ a: verification(walletId: 1) { ok } b: verification(walletId: 2) { ok } }": 2 * 1_000 + 2,
    'mutation { runBilling(input: {month: "2025-01"}) { __typename } }': 1_000 + 1,
    "{ lockRisks(first: 7) { edges { cursor } } }": 400 + 10 + 7,
    "{ __typename }": 0,
}


def cost(document: str | DocumentNode) -> int:
    return CostOf(schema._schema, parse(document) if isinstance(document, str) else document).dearest()


@pytest.mark.parametrize("document", OBJECTS)
def test_objects_are_counted_along_the_nesting_of_pages(document: str) -> None:
    assert cost(document) == OBJECTS[document]


def test_what_the_dashboard_asks_is_far_within_the_limit() -> None:
    nodes = parse(OPERATIONS.read_text()).definitions
    fragments = [node for node in nodes if isinstance(node, FragmentDefinitionNode)]
    costs = [cost(DocumentNode(definitions=(node, *fragments))) for node in nodes if node not in fragments]
    assert len(costs) > 10
    assert max(costs) < Limits().document_objects / 3


def test_a_hundred_wallets_with_ten_objects_each_are_not_too_much() -> None:
    fields = " ".join(f'a{n}: asOf(time: "2025-01-0{n + 1}T00:00:00Z") {{ version }}' for n in range(9))
    Documents(schema._schema, Limits()).get(f"{{ wallets(first: 100) {{ edges {{ node {{ id {fields} }} }} }} }}")


@pytest.mark.parametrize(
    "document", [DEEP, BY_FRAGMENTS, DEEP.replace("first: 100", "first: $n").replace("{", "query ($n: Int) {", 1)]
)
def test_a_short_document_that_leads_to_too_much_is_refused_with_the_number_and_the_limit(document: str) -> None:
    with pytest.raises(
        BadRequest, match=r"can lead to [1-9]\d{0,2}(,\d{3})+ objects; the limit is 10,000\."
    ) as refused:
        Documents(schema._schema, Limits()).get(document)
    assert refused.value.status == 400


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def test_it_is_refused_over_http_and_over_a_websocket_alike(here: Api) -> None:
    assert await here.admin.code(DEEP) == "BAD_USER_INPUT"
    async with here.subscribe(here.admin, DEEP) as stream:
        (error,) = await stream.errors()
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "objects; the limit is 10,000" in error["message"]
