"""Holds, charge-backs and what they settle, as clients ask for them over HTTP and see them on a websocket."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.api import Stream
from tests.teller import HOLD, Teller, lines, teller

EVENTS = """subscription ($id: ID!) { walletEvents(walletId: $id) { __typename
  ... on WalletChange { lastOfOperation after { lock { locked } } transaction { type reason amountMinor
    lockedAmountMinor dueAmountMinor hold { status } reverses { version } } } } }"""
DAY_LATER = "2025-02-02T00:00:00Z"


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Teller]:
    async with teller(database_url) as opened:
        yield opened


async def changes(stream: Stream, count: int) -> list[tuple[str, str, int, int, int, bool]]:
    """Type, reason, changes, and whether it is the last of its operation."""
    seen = [(await stream.next())["data"]["walletEvents"] for _ in range(count)]
    return [(*lines({"transactions": [one["transaction"]]})[0], one["lastOfOperation"]) for one in seen]


async def test_a_hold_is_placed_and_shown_as_it_stands(here: Teller) -> None:
    wallet_id = await here.tenant("Asha", 1_000)
    placed = await here.ask("placeHold", walletId=wallet_id, amountMinor=400, description="a booking")
    assert placed["hold"] == {
        "id": wallet_id.replace("wal", "hld") + "_2", "amountMinor": 400, "capturedMinor": 0, "status": "ACTIVE",
        "description": "a booking", "expiresAt": DAY_LATER, "createdAt": "2025-02-01T00:00:00Z",
        "wallet": {"id": wallet_id}, "invoice": None,
    }  # fmt: skip
    assert placed["after"]["balance"] == {"total": 1_000, "locked": 400, "available": 600}
    assert placed["wallet"] == {"id": wallet_id, "version": 2}
    node = await here.here.admin.get(HOLD, id=placed["hold"]["id"])
    assert node == {"status": "ACTIVE", "capturedMinor": 0, "amountMinor": 400}


async def test_a_dry_hold_is_as_it_would_be_and_writes_nothing(here: Teller) -> None:
    wallet_id = await here.tenant("Asha", 1_000)
    asked: dict[str, Any] = {"walletId": wallet_id, "amountMinor": 400, "expiresInSeconds": 60, "idempotencyKey": "one"}
    async with here.unchanged():
        dry = await here.ask("placeHold", **asked, dryRun=True)
    assert dry["hold"]["id"].startswith("dry_hld_")
    assert dry["operationId"].startswith("dry_opr_")
    assert await here.here.admin.get(HOLD, id=dry["hold"]["id"]) is None
    real = await here.ask("placeHold", **asked)
    assert dry["hold"] == real["hold"] | {"id": f"dry_{real['hold']['id']}"}
    assert (dry["after"], dry["wallet"]["version"]) == (real["after"], 1)


async def test_a_repeated_hold_answers_its_first_result_whatever_became_of_it(here: Teller) -> None:
    wallet_id = await here.tenant("Asha", 1_000)
    asked: dict[str, Any] = {"walletId": wallet_id, "amountMinor": 400, "description": "x", "idempotencyKey": "one"}
    first = await here.ask("placeHold", **asked)
    await here.ask("captureHold", holdId=first["hold"]["id"])
    async with here.unchanged():
        again, dry = [await here.ask("placeHold", **asked, dryRun=dry_run) for dry_run in (False, True)]
        other = await here.ask("placeHold", **asked | {"expiresInSeconds": 60})
    assert again == first | {"replayed": True, "wallet": {"id": wallet_id, "version": 3}}
    assert dry == again | {"dryRun": True}
    assert other == {"__typename": "IdempotencyConflict", "operationId": first["operationId"]}


@pytest.mark.parametrize(
    ("name", "more", "written"),
    [
        ("captureHold", {}, [("DEBIT", "HOLD", -400, -400, 0)]),
        ("captureHold", {"amountMinor": 400}, [("DEBIT", "HOLD", -400, -400, 0)]),
        ("captureHold", {"amountMinor": 1}, [("DEBIT", "HOLD", -1, -1, 0), ("RELEASE", "HOLD", 0, -399, 0)]),
        ("releaseHold", {}, [("RELEASE", "HOLD", 0, -400, 0)]),
    ],
)
async def test_the_end_of_a_hold_is_the_same_dry_done_and_repeated(
    here: Teller, name: str, more: dict[str, Any], written: list[Any]
) -> None:
    wallet_id = await here.tenant("Asha", 1_000)
    asked: dict[str, Any] = {"holdId": await here.hold(wallet_id, 400), "idempotencyKey": "one"} | more
    async with here.unchanged():
        dry = await here.ask(name, **asked, dryRun=True)
    done = await here.ask(name, **asked)
    await here.ask("topUp", walletId=wallet_id, amountMinor=5)
    async with here.unchanged():
        again = await here.ask(name, **asked)
    assert lines(dry) == lines(done) == written
    assert {t["hold"]["id"] for t in done["transactions"]} == {asked["holdId"]}
    assert (dry["after"], dry["basedOnVersion"]) == (done["after"], 2)
    now = {"id": wallet_id, "version": done["after"]["version"] + 1}
    assert again == done | {"replayed": True, "wallet": now}


@pytest.mark.parametrize("name", ["captureHold", "releaseHold"])
async def test_at_its_expiry_a_hold_is_gone(here: Teller, name: str) -> None:
    wallet_id = await here.tenant("Asha", 1_000)
    hold_id = await here.hold(wallet_id, 400)
    here.here.at(DAY_LATER)
    refused = await here.ask(name, holdId=hold_id, dryRun=True)
    assert (refused["__typename"], "expired" in refused["message"]) == ("NotPossible", True)
    assert await here.ask(name, holdId=hold_id) == refused
    state = await here.state(wallet_id)
    assert (state["version"], state["balance"]) == (3, {"total": 1_000, "locked": 0, "available": 1_000})
    assert (await here.here.admin.get(HOLD, id=hold_id))["status"] == "EXPIRED"


async def test_a_moment_before_its_expiry_a_hold_is_captured(here: Teller) -> None:
    hold_id = await here.hold(await here.tenant("Asha", 1_000), 400)
    here.here.at("2025-02-01T23:59:59.999999Z")
    assert lines(await here.ask("captureHold", holdId=hold_id)) == [("DEBIT", "HOLD", -400, -400, 0)]


async def test_of_ends_at_once_one_counts_and_a_repeated_one_is_answered_alike(here: Teller) -> None:
    wallet_id = await here.tenant("Asha", 1_000)
    one, other = await here.hold(wallet_id, 400), await here.hold(wallet_id, 100)
    ends = [here.ask(name, holdId=one) for name in ("captureHold", "releaseHold") for _ in range(4)]
    kinds = sorted([answer["__typename"] for answer in await asyncio.gather(*ends)])
    assert kinds == ["MoneyPayload", *["NotPossible"] * 7]
    copies = [here.ask("captureHold", holdId=other, idempotencyKey="one") for _ in range(6)]
    answers = await asyncio.gather(*copies)
    assert sorted(answer["replayed"] for answer in answers) == [False, *[True] * 5]
    assert len({str(answer | {"replayed": None, "wallet": None}) for answer in answers}) == 1


async def test_what_a_capture_leaves_pays_the_due_invoice_and_unlocks(here: Teller) -> None:
    wallet_id = await here.using("Asha", 120)
    hold_id = await here.hold(wallet_id, 120, expiresInSeconds=30 * 24 * 3600)
    async with here.here.subscribe(here.here.admin, EVENTS, id=wallet_id) as live:
        await live.next()
        await here.bill(wallet_id)
        assert (await here.state(wallet_id))["lock"] == {"locked": True, "amountDue": 100}
        done = await here.ask("captureHold", holdId=hold_id, amountMinor=20, description="a page")
        seen = await changes(live, 7)
    assert done["settledInvoices"] == [{"number": "ASH-0001", "status": "PAID"}]
    assert (done["after"]["balance"]["total"], done["after"]["lock"]) == (0, {"locked": False, "amountDue": 0})
    assert seen == [
        ("DUE", "INVOICE", 0, 0, 100, False),
        ("LOCK", "INSUFFICIENT_FUNDS", 0, 0, 0, True),
        ("DEBIT", "HOLD", -20, -20, 0, False),
        ("RELEASE", "HOLD", 0, -100, 0, False),
        ("DEBIT", "INVOICE", -100, 0, 0, False),
        ("DUE", "SETTLED", 0, 0, -100, False),
        ("UNLOCK", "INSUFFICIENT_FUNDS", 0, 0, 0, True),
    ]


async def test_a_charge_back_makes_the_invoice_due_again_and_locks(here: Teller) -> None:
    wallet_id = await here.using("Asha")
    await here.bill(wallet_id)
    paid = await here.ask("topUp", walletId=wallet_id, amountMinor=130)
    assert paid["settledInvoices"] == [{"number": "ASH-0001", "status": "PAID"}]
    asked: dict[str, Any] = {"transactionId": paid["transactions"][0]["id"], "description": "the bank took it back"}
    async with here.unchanged():
        refused = await here.ask("reverseTransaction", **asked)
        dry = await here.ask("reverseTransaction", **asked, reopenInvoices=True, dryRun=True)
    assert refused == {
        "__typename": "InsufficientFunds", "availableMinor": 30, "requiredMinor": 130, "shortfallMinor": 100,
    }  # fmt: skip
    async with here.here.subscribe(here.here.admin, EVENTS, id=wallet_id) as live:
        await live.next()
        done = await here.ask("reverseTransaction", **asked, reopenInvoices=True)
        seen = await changes(live, 4)
    assert seen == [
        ("CREDIT", "REVERSAL", 100, 0, 0, False),
        ("DUE", "INVOICE", 0, 0, 100, False),
        ("DEBIT", "REVERSAL", -130, 0, 0, False),
        ("LOCK", "INSUFFICIENT_FUNDS", 0, 0, 0, True),
    ]
    assert lines(dry) == lines(done)
    assert [t["reverses"] and t["reverses"]["version"] for t in done["transactions"]] == [4, None, 3, None]
    assert (done["settledInvoices"], done["after"]["lock"]) == ([], {"locked": True, "amountDue": 100})
    assert done["after"]["balance"]["total"] == 0
