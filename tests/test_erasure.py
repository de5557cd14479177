"""A description can be erased for good, and the log is whole all the same: law 6."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from domain import access, ids
from domain.ledger import Transaction
from domain.refusals import BadInput, Forbidden, IdempotencyConflict, NotFound
from server.bus import Bus
from services.changes import ChangeFeed
from services.erasure import erase_description
from services.feed import Feed
from services.identity import new_uuid
from services.run_feed import RunFeed
from tests.api import Api, api
from tests.proof import proof_of
from tests.test_who_asks import READS, token
from tests.world import World, opened_world

__all__ = ["opened_world"]

NAME = "for Asha Rao, +91 98765 43210"
WHY = "She asked us to."
TEXTS = "SELECT text FROM transaction_texts ORDER BY text"
AUDIT = (
    "SELECT subject_id, after->>'reason', after->>'transactions' FROM audit_entries WHERE action = 'eraseDescription'"
)
ERASE = """
mutation ($id: ID!, $reason: String!, $dry: Boolean!) {
  eraseDescription(transactionId: $id, reason: $reason, dryRun: $dry) { transaction { id description } }
}
"""
TOP_UP = """
mutation ($wallet: ID!) {
  topUp(input: {walletId: $wallet, amountMinor: 100, description: "for Asha Rao", idempotencyKey: "k"}) {
    ... on MoneyPayload { replayed transactions { id description } }
  }
}
"""


async def erase(world: World, line: Transaction, reason: str = WHY, *, dry_run: bool = False) -> Transaction:
    key = line.wallet_id, line.after.version
    return await erase_description(world.core, access.SYSTEM, *key, reason, dry_run=dry_run)


async def test_an_erased_description_is_nowhere_and_every_hash_stands(opened_world: World) -> None:
    world = opened_world
    tenant = await world.tenant()
    await world.top_up(tenant, 500, "a", NAME)
    await world.top_up(tenant, 700, "b", "something else")
    line, other = await world.log(tenant)
    assert await erase(world, line) == (await world.log(tenant))[0]
    assert [one.description for one in await world.log(tenant)] == ["", other.description]
    assert await world.sql(TEXTS) == [("something else",)]
    assert NAME not in str([await world.sql(f"SELECT * FROM {table}") for table in await world.everything()])
    assert (await proof_of(world.database)).broken is None
    txn = ids.make_numbered("txn", tenant, 1)
    assert await world.sql(AUDIT) == [(txn, WHY, f'["{txn}"]')]


async def test_the_same_words_go_from_both_sides_of_a_transfer(opened_world: World) -> None:
    world = opened_world
    payer, payee = await world.user(), await world.user()
    await world.top_up(payer, 500, text=NAME)
    posted = await world.transfer(payer, payee, 200)
    assert await world.sql(TEXTS) == [("between us",), ("between us",), (NAME,)]
    await erase(world, posted.transactions[-1])
    assert await world.sql(TEXTS) == [(NAME,)]
    assert [one.description for one in await world.log(payee)] == [""]


async def test_no_guess_of_erased_words_is_confirmed(opened_world: World) -> None:
    """Neither by a repeat with its key, nor by a hash that a dictionary finds them in."""
    world = opened_world
    tenant = await world.tenant()
    await world.top_up(tenant, 500, "a", NAME)
    async with world.refuses(IdempotencyConflict):
        await world.top_up(tenant, 500, "a", "a guess")
    [line] = await world.log(tenant)
    await erase(world, line)
    for guess in ("a guess", NAME):
        assert (await world.top_up(tenant, 500, "a", guess)).replayed
    assert await world.sql("SELECT input_hash FROM operations WHERE idempotency_key = 'a'") == [(b"",)]


async def test_what_has_no_description_is_erased_already(opened_world: World) -> None:
    world = opened_world
    tenant = await world.tenant()
    await world.top_up(tenant, 500, text=NAME)
    [line] = await world.log(tenant)
    await erase(world, line)
    async with world.unchanged():
        assert (await erase(world, line)).description == ""


async def test_a_dry_run_erases_nothing(opened_world: World) -> None:
    world = opened_world
    tenant = await world.tenant()
    await world.top_up(tenant, 500, text=NAME)
    [line] = await world.log(tenant)
    async with world.unchanged():
        assert (await erase(world, line, dry_run=True)).description == ""


async def test_a_reason_is_given_by_somebody_who_may_for_a_line_that_there_is(opened_world: World) -> None:
    world = opened_world
    tenant = await world.tenant()
    await world.top_up(tenant, 500, text=NAME)
    [line] = await world.log(tenant)
    member = access.viewer_of_token(new_uuid(), tenant, frozenset(READS))
    stranger = access.viewer_of_token(new_uuid(), new_uuid(), frozenset({"wallet:adjust"}))
    async with world.refuses(BadInput):
        await erase(world, line, "  ")
    for viewer, version, why in (
        (member, 1, Forbidden),
        (stranger, 1, NotFound),
        (access.SYSTEM, 2, NotFound),
    ):
        async with world.refuses(why):
            await erase_description(world.core, viewer, tenant, version, WHY)


async def test_no_process_shows_erased_words_from_memory(opened_world: World) -> None:
    """What the feed keeps for its readers is read from the log again."""
    world = opened_world
    tenant = await world.tenant()
    feed = Feed(world.core.clock)
    first = feed.follow(tenant, 0)
    posted = await world.top_up(tenant, 500, text=NAME)
    assert (await anext(first))[0][0].description == NAME
    feed.tell(posted.transactions)
    await erase(world, posted.transactions[0])
    feed.forget([tenant])
    second = feed.follow(tenant, 0)
    assert (await anext(second))[0][0].description == ""
    await first.aclose()
    await second.aclose()


async def test_other_processes_forget_them_too(opened_world: World) -> None:
    world = opened_world
    tenant = await world.tenant()
    theirs = Feed(world.core.clock)
    buses = (
        Bus(world.url, Feed(world.core.clock), RunFeed(), ChangeFeed()),
        Bus(world.url, theirs, RunFeed(), ChangeFeed()),
    )
    for bus in buses:
        bus.start()
    reader = theirs.follow(tenant, 0)
    posted = await world.top_up(tenant, 500, text=NAME)
    await anext(reader)
    await erase(world, posted.transactions[0])
    async with asyncio.timeout(20):
        shown = NAME
        while shown:  # until both listen
            theirs.tell(posted.transactions)
            buses[0].tell_erased([tenant])
            await asyncio.sleep(0.02)
            again = theirs.follow(tenant, 0)
            shown = (await anext(again))[0][0].description
            await again.aclose()
    await reader.aclose()
    for bus in buses:
        await bus.stop()


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def test_a_replayed_operation_and_new_streams_show_nothing_of_it(here: Api) -> None:
    tenant = await here.admin.get(
        'mutation { createTenant(input: {name: "Press"}) { ... on TenantPayload { tenant { id wallet { id } } } } }'
    )
    wallet = tenant["tenant"]["wallet"]["id"]
    events = "subscription ($id: ID!) { walletEvents(walletId: $id, afterVersion: 0) { ... on WalletChange %s } }"
    shown = events % "{ transaction { description } }"
    async with here.subscribe(here.admin, shown, id=wallet) as earlier:
        [line] = (await here.admin.get(TOP_UP, wallet=wallet))["transactions"]
        told = (await earlier.next())["data"]["walletEvents"]
        assert told == {"transaction": {"description": line["description"]}} != {"transaction": {"description": ""}}
        asked = {"id": line["id"], "reason": WHY}
        reader = await token(here, tenant["tenant"]["id"], READS)
        assert await reader.code(ERASE, **asked, dry=False) == "FORBIDDEN"
        for dry in (True, False):
            assert await here.admin.get(ERASE, **asked, dry=dry) == {"transaction": line | {"description": ""}}
        async with here.subscribe(here.admin, shown, id=wallet) as later:
            assert (await later.next())["data"]["walletEvents"] == {"transaction": {"description": ""}}
    again = await here.admin.get(TOP_UP, wallet=wallet)
    assert again == {"replayed": True, "transactions": [{"id": line["id"], "description": ""}]}
    verified = await here.signed_in.get(
        "query ($id: ID!) { verification(walletId: $id) { ok transactions } }", id=wallet
    )
    assert verified == {"ok": True, "transactions": 1}


@pytest.mark.parametrize("named", ["txn_1", "wal_" + "0" * 32, "txn_" + "0" * 32 + "_1"])
async def test_what_names_no_transaction_is_not_found(here: Api, named: str) -> None:
    assert await here.admin.code(ERASE, id=named, reason=WHY, dry=False) == "NOT_FOUND"
