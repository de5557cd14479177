"""Operations over two wallets as each side sees them, through HTTP and a websocket."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.api import Client, Stream
from tests.teller import Teller, lines, new_key, teller

EVENTS = """subscription ($id: ID!) { walletEvents(walletId: $id) { __typename
  ... on WalletChange { lastOfOperation transaction { id version type reason operationId
    counterparty { ... on Tenant { name } } operation { id transactions { id } } } } } }"""
OPERATION = "query ($id: ID!) { operation(id: $id) { id kind transactions { id operationId } } }"
NODE = "query ($id: ID!) { node(id: $id) { id } }"
LOG = """query ($id: ID!) { wallet(id: $id) { version owner { ... on Tenant { name } }
  transactions { edges { node { id type reason operationId actor reverses { id } wallet { id }
    counterparty { ... on Tenant { id name wallet { id } } }
    operation { id transactions { id wallet { id } } } } } } } }"""


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Teller]:
    async with teller(database_url) as opened:
        yield opened


async def pair(here: Teller) -> tuple[str, str]:
    """Asha's wallet with 1,000 in it, and Bina's with nothing."""
    return await here.tenant("Asha", 1_000), await here.tenant("Bina")


def moving(source: str, target: str, amount: int = 300) -> dict[str, Any]:
    return {"fromWalletId": source, "toWalletId": target, "amountMinor": amount, "description": "a loan"}


async def changes(stream: Stream, count: int) -> list[Any]:
    return [(await stream.next())["data"]["walletEvents"] for _ in range(count)]


async def test_a_transfer_shows_both_sides_the_one_that_it_takes_from_first(here: Teller) -> None:
    asha, bina = await pair(here)
    done = await here.ask("transfer", **moving(asha, bina))
    assert lines(done) == [("DEBIT", "TRANSFER", -300, 0, 0), ("CREDIT", "TRANSFER", 300, 0, 0)]
    assert [t["wallet"]["id"] for t in done["transactions"]] == [asha, bina]
    assert [t["counterparty"]["name"] for t in done["transactions"]] == ["Bina", "Asha"]
    assert (done["basedOnVersion"], done["after"]["version"], done["wallet"]) == (1, 2, {"id": asha, "version": 2})
    assert done["after"]["balance"] == {"total": 700, "locked": 0, "available": 700}
    both = [t["id"] for t in done["transactions"]]
    operation_id = f"opr_{asha[4:]}_{done['operationId'].split('_')[2]}"
    assert done["operationId"] == operation_id
    for line in done["transactions"]:
        assert line["operationId"] == operation_id
        assert line["operation"] == {"id": operation_id, "kind": "transfer", "transactions": [{"id": i} for i in both]}


async def test_an_operation_is_found_by_the_id_of_either_wallet(here: Teller) -> None:
    asha, bina = await pair(here)
    done = await here.ask("transfer", **moving(asha, bina))
    own = done["operationId"].replace(asha[4:], bina[4:])
    for operation_id in (done["operationId"], own):
        found = await here.here.admin.get(OPERATION, id=operation_id)
        assert found["id"] == done["operationId"]
        assert [t["id"] for t in found["transactions"]] == [t["id"] for t in done["transactions"]]
        assert (await here.here.admin.get(NODE, id=operation_id))["id"] == done["operationId"]


async def test_a_transfer_pays_what_is_due_where_it_arrives(here: Teller) -> None:
    owing = await here.using("Owing")
    await here.bill(owing)
    asha = await here.tenant("Asha", 1_000)
    done = await here.ask("transfer", **moving(asha, owing, 150))
    assert done["settledInvoices"] == [{"number": "OWI-0001", "status": "PAID"}]
    assert lines(done)[1:] == [
        ("CREDIT", "TRANSFER", 150, 0, 0),
        ("DEBIT", "INVOICE", -100, 0, 0),
        ("DUE", "SETTLED", 0, 0, -100),
        ("UNLOCK", "INSUFFICIENT_FUNDS", 0, 0, 0),
    ]
    assert await here.state(owing) == {
        "version": 6, "balance": {"total": 50, "locked": 0, "available": 50}, "lock": {"locked": False, "amountDue": 0},
    }  # fmt: skip


async def test_a_dry_transfer_answers_what_the_transfer_will_and_writes_nothing(here: Teller) -> None:
    asha, bina = await pair(here)
    asked = moving(asha, bina) | {"idempotencyKey": "one"}
    async with here.unchanged():
        dry = await here.ask("transfer", **asked, dryRun=True)
    assert {t["id"][:8] for t in dry["transactions"]} == {"dry_txn_"}
    assert {t["operation"]["id"] for t in dry["transactions"]} == {dry["operationId"]}
    assert [t["id"] for t in dry["transactions"][0]["operation"]["transactions"]] == [
        t["id"] for t in dry["transactions"]
    ]
    real = await here.ask("transfer", **asked)
    assert (lines(dry), dry["after"], dry["basedOnVersion"]) == (lines(real), real["after"], real["basedOnVersion"])
    assert (dry["dryRun"], dry["replayed"], real["dryRun"], real["replayed"]) == (True, False, False, False)


async def test_a_repeated_transfer_answers_its_first_result_whatever_came_after(here: Teller) -> None:
    asha, bina = await pair(here)
    asked = moving(asha, bina) | {"idempotencyKey": "one"}
    first = await here.ask("transfer", **asked)
    await here.ask("topUp", walletId=bina, amountMinor=5)
    await here.ask("transfer", **moving(asha, bina, 700))
    async with here.unchanged():
        again, dry = [await here.ask("transfer", **asked, dryRun=dry_run) for dry_run in (False, True)]
        other = await here.ask("transfer", **asked | {"amountMinor": 301})
    assert again == first | {"replayed": True, "wallet": {"id": asha, "version": 3}}
    assert dry == again | {"dryRun": True}
    assert other == {"__typename": "IdempotencyConflict", "operationId": first["operationId"]}


async def test_a_key_of_a_transfer_is_free_in_the_other_wallet(here: Teller) -> None:
    asha, bina = await pair(here)
    await here.ask("transfer", **moving(asha, bina), idempotencyKey="one")
    back = await here.ask("transfer", **moving(bina, asha), idempotencyKey="one")
    assert (back["replayed"], back["after"]["balance"]["total"]) == (False, 0)


async def test_transfers_both_ways_at_once_lose_nothing(here: Teller) -> None:
    asha, bina = await here.tenant("Asha", 100), await here.tenant("Bina", 100)
    ways = [(asha, bina), (bina, asha)] * 8
    answers = await asyncio.gather(*(here.ask("transfer", **moving(*way, 30)) for way in ways))
    done = sum(answer["__typename"] == "MoneyPayload" for answer in answers)
    states = [await here.state(wallet_id) for wallet_id in (asha, bina)]
    assert sum(state["balance"]["total"] for state in states) == 200
    assert [state["version"] for state in states] == [1 + done] * 2


async def test_both_subscribers_see_their_own_side_live(here: Teller) -> None:
    asha, bina = await pair(here)
    giver, taker = [await here.token("wallet:read", of=wallet_id) for wallet_id in (asha, bina)]
    async with (
        here.here.subscribe(giver, EVENTS, id=asha) as gives,
        here.here.subscribe(taker, EVENTS, id=bina) as takes,
    ):
        await changes(gives, 1)
        await changes(takes, 1)
        done = await here.ask("transfer", **moving(asha, bina))
        (gave,), (took,) = await changes(gives, 1), await changes(takes, 1)
    assert gave["transaction"] == seen_by_one_side(done["transactions"][0], 2, done["operationId"])
    own = done["operationId"].replace(asha[4:], bina[4:])
    assert took["transaction"] == seen_by_one_side(done["transactions"][1], 1, own)
    assert (gave["lastOfOperation"], took["lastOfOperation"]) == (True, True)


def seen_by_one_side(line: Any, version: int, operation_id: str) -> dict[str, Any]:
    return {
        "id": line["id"], "version": version, "type": line["type"], "reason": line["reason"], "counterparty": None,
        "operationId": operation_id, "operation": {"id": operation_id, "transactions": [{"id": line["id"]}]},
    }  # fmt: skip


async def test_a_reversal_takes_both_sides_back_whichever_is_named(here: Teller) -> None:
    asha, bina = await pair(here)
    for named, first in ((0, ("CREDIT", "REVERSAL", 300, 0, 0)), (1, ("DEBIT", "REVERSAL", -300, 0, 0))):
        moved = await here.ask("transfer", **moving(asha, bina))
        undone = await here.ask(
            "reverseTransaction", transactionId=moved["transactions"][named]["id"], description="a mistake"
        )
        assert lines(undone)[0] == first
        assert undone["wallet"]["id"] == undone["transactions"][0]["wallet"]["id"] == (asha, bina)[named]
        assert len({t["operationId"] for t in undone["transactions"]} | {undone["operationId"]}) == 1
        assert (await here.state(asha))["balance"]["total"] == 1_000
        assert (await here.state(bina))["balance"]["total"] == 0


async def everything_seen(client: Client, wallet_id: str) -> str:
    """All that a tenant's own token is answered about its log."""
    return str(await client.ask(LOG, id=wallet_id))


@pytest.mark.parametrize("named", [0, 1])
async def test_who_sees_one_side_learns_nothing_of_the_other_wallet(here: Teller, named: int) -> None:
    asha, bina = await pair(here)
    moved = await here.ask("transfer", **moving(asha, bina))
    await here.ask("reverseTransaction", transactionId=moved["transactions"][named]["id"], description="a mistake")
    for mine, other, name in ((asha, bina, "Bina"), (bina, asha, "Asha")):
        member = await here.token("wallet:read", "tenant:read", "invoice:read", of=mine)
        shown = await everything_seen(member, mine)
        assert "TRANSFER" in shown and "REVERSAL" in shown  # noqa: PT018 - there is something to see
        assert other[4:] not in shown
        assert name not in shown
        for operation in (moved["operationId"], moved["operationId"].replace(asha[4:], bina[4:])):
            found = await member.get(OPERATION, id=operation)
            assert (found is not None) == (mine[4:] in operation)
            assert other[4:] not in str(found)
        hidden = moved["transactions"][0 if other == asha else 1]["id"]
        assert await member.get(NODE, id=hidden) is None


async def test_a_token_of_one_tenant_moves_no_money_over_its_edge(here: Teller) -> None:
    asha, bina = await pair(here)
    moved = await here.ask("transfer", **moving(asha, bina, 1))
    bound = await here.token("wallet:transfer", "wallet:reverse", "wallet:read", of=asha)
    unknown = "wal_" + "0" * 32
    async with here.unchanged():
        for source, target in ((asha, bina), (bina, asha), (asha, unknown), (unknown, asha), (bina, bina)):
            for dry_run in (False, True):
                answers = await bound.ask(TRANSFER_ERRORS, input=asked(source, target, dry_run))
                assert [error["extensions"]["code"] for error in answers["errors"]] == ["NOT_FOUND"]
                assert answers["errors"][0]["message"] == "There is no such thing."
        for line in moved["transactions"]:
            for transaction_id in (line["id"], line["id"].rpartition("_")[0] + "_99"):
                named = {"transactionId": transaction_id, "description": "x"}
                assert await here.code("reverseTransaction", bound, **named) == "NOT_FOUND"


TRANSFER_ERRORS = "mutation ($input: TransferInput!) { transfer(input: $input) { __typename } }"


def asked(source: str, target: str, dry_run: bool) -> dict[str, Any]:
    return moving(source, target) | {"idempotencyKey": new_key(), "dryRun": dry_run}


async def test_a_token_that_may_only_transfer_is_answered_with_what_it_did(here: Teller) -> None:
    asha, bina = await pair(here)
    program = await here.token("wallet:transfer")
    done = await here.ask("transfer", program, **moving(asha, bina))
    assert [t["counterparty"]["name"] for t in done["transactions"]] == ["Bina", "Asha"]
    assert len(done["transactions"][1]["operation"]["transactions"]) == 2
    assert await program.get(LOG, id=asha) is None
