"""What took a line of the log back, and what of it still can be, is told with the line."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.teller import Teller, teller

LINE = """query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Transaction { reversibleMinor
  reversals(first: $first, after: $after) { totalCount edges { node { id amountMinor reverses { id } } }
    pageInfo { hasNextPage endCursor } } } } }"""


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Teller]:
    async with teller(database_url) as opened:
        yield opened


async def told(here: Teller, line: str, **page: Any) -> Any:
    return await here.here.admin.get(LINE, id=line, **page)


async def test_what_is_left_of_a_line_and_what_took_the_rest_is_read_page_by_page(here: Teller) -> None:
    wallet = await here.tenant("Asha", 1_000)
    line = f"{wallet.replace('wal', 'txn')}_1"
    assert (await told(here, line))["reversibleMinor"] == 1_000
    for amount in (300, 200):
        await here.ask("reverseTransaction", transactionId=line, amountMinor=amount, description="too much")
    newer = await told(here, line, first=1)
    older = await told(here, line, first=1, after=newer["reversals"]["pageInfo"]["endCursor"])
    pages = [page["reversals"] for page in (newer, older)]
    assert [page["edges"][0]["node"]["amountMinor"] for page in pages] == [-300, -200]
    assert {page["edges"][0]["node"]["reverses"]["id"] for page in pages} == {line}
    assert [page["pageInfo"]["hasNextPage"] for page in pages] == [True, False]
    assert (newer["reversibleMinor"], newer["reversals"]["totalCount"]) == (500, 2)


async def test_a_transfer_is_left_less_on_both_sides_and_a_reversal_is_not_reversed(here: Teller) -> None:
    giver, taker = await here.tenant("Asha", 1_000), await here.tenant("Bina")
    moved = await here.ask("transfer", fromWalletId=giver, toWalletId=taker, amountMinor=400)
    sent, received = (line["id"] for line in moved["transactions"])
    undone = await here.ask("reverseTransaction", transactionId=received, amountMinor=150, description="half")
    lines = [sent, received, *(line["id"] for line in undone["transactions"])]
    assert [(await told(here, line))["reversibleMinor"] for line in lines] == [250, 250, 0, 0]


async def test_whoever_does_not_read_the_log_is_told_nothing_of_it(here: Teller) -> None:
    wallet = await here.tenant("Asha", 1_000)
    program = await here.token("wallet:reverse", of=wallet)
    document = """mutation ($input: ReverseTransactionInput!) { reverseTransaction(input: $input) {
      ... on MoneyPayload { transactions { reverses { reversibleMinor reversals { totalCount } } } } } }"""
    given = {"transactionId": f"{wallet.replace('wal', 'txn')}_1", "description": "a mistake", "idempotencyKey": "k"}
    past = (await program.get(document, input=given))["transactions"][0]["reverses"]
    assert past == {"reversibleMinor": 0, "reversals": {"totalCount": 0}}
