"""Logs forged with hashes that fit: what they say must still agree; and a checkpoint sees what was cut (law 6)."""

from uuid import UUID

import asyncpg
import orjson
import pytest

from domain.access import SYSTEM
from domain.checkpoints import Key, read
from domain.verification import Broken
from services.checkpoints import first_against, list_heads, take
from services.database import snapshot
from services.verification import prove
from tests.busy import Busy, busy_store, busy_url, busy_world
from tests.forger import forging, hash_again
from tests.world import World

url, world, busy = busy_url, busy_world, busy_store
KEY = Key(b"one secret")


@pytest.mark.parametrize(
    ("wallet", "version", "change", "named", "law", "message"),
    [
        ("press", 13, "reverses = 11", "txn press 11", 8, "UNLOCK MANUAL of 0, and reversals of it come to 100"),
        ("press", 13, "reverses = 3", "txn press 3", 8, "CREDIT REVERSAL"),
        ("press", 13, "reverses = 1", "txn press 1", 8, "CREDIT TOP_UP of 10000, and reversals of it come to 100"),
        ("press", 3, "reverses = 13", "txn press 3", 8, "not 13"),
        ("press", 3, "reverses = NULL", "txn press 3", 8, "not None"),
        ("press", 18, "invoice = NULL", "txn press 18", 19, "DEBIT INVOICE names no invoice"),
        ("press", 8, "hold = 7, locked_amount = -49, locked_after = 1", "txn press 9", 6, "locked was 1"),
        ("reader", 1, "amount = 600, total_after = 600", "txn reader 2", 6, "total was 600"),
        ("reader", 1, "counterparty = NULL", "txn reader 1", 7, "names no other wallet"),
        ("reader", 2, "counterparty = NULL", "txn press 3", 7, "has 0 opposite to it"),
        ("press", 2, "counterparty = {mill}", "txn press 2", 7, "has 0 opposite to it"),
        ("reader", 1, "operation_home = NULL", "txn reader 1", 7, "0 of its rows say"),
        ("reader", 1, "operation_home = {mill}", "txn reader 1", 7, "its home is"),
        ("press", 4, "hold = 3", "txn press 4", 11, "a hold has the version of its HOLD"),
        ("press", 8, "hold = NULL", "txn press 8", 11, "names no hold"),
        ("press", 8, "hold = 4", "hld press 4", 11, "the log says CAPTURED: 300 placed, 200 captured, -50 held"),
        ("press", 8, "reason = 'HOLD_EXPIRED'", "hld press 7", 11, "the log says EXPIRED"),
        ("mill", 1, "invoice = NULL", "txn mill 1", 19, "names no invoice"),
        ("mill", 1, "invoice = 2", "inv mill 1", 19, "has 0 held and 0 due"),
        ("mill", 1, "invoice = 3", "inv mill 1", 19, "0 due"),
        ("press", 18, "invoice = 1", "inv press 1", 19, "the log collected 278"),
        ("press", 18, "amount = -69, total_after = total_after - 1", "inv press 2", 19, "the log collected 69"),
        ("mill", 2, "locks_at = NULL", "wal mill", 6, "graces end"),
    ],
)  # fmt: skip
async def test_a_forged_row_must_agree_with_all_else(
    url: str, busy: Busy, wallet: str, version: int, change: str, named: str, law: int, message: str
) -> None:
    wallet_id: UUID = getattr(busy, wallet)
    sql = f"UPDATE wallet_transactions SET {busy.filled(change)} WHERE wallet_id = $1 AND version = $2"
    async with forging(url) as forger:
        await forger.execute(sql, wallet_id, version)
        await hash_again(forger, wallet_id)
        broken = (await prove(forger)).broken
    assert broken is not None
    assert (broken.id, broken.law) == (busy.named(named), law), broken
    assert message in broken.message


async def taken(world: World) -> list[bytes]:
    async with snapshot(world.database):
        return [line async for line in take(world.database, KEY)]


async def against(forger: "asyncpg.Connection[asyncpg.Record]", lines: list[bytes]) -> Broken | None:
    """After the rest was proved whole."""
    assert (await prove(forger)).broken is None
    return await first_against(forger, read(lines, KEY))


async def test_a_checkpoint_holds_while_the_logs_grow(url: str, world: World, busy: Busy) -> None:
    lines = await taken(world)
    assert len(lines) == 6 + 2
    async with world.another() as later:
        await later.top_up(busy.mill, 1)
    async with forging(url) as forger:
        assert await against(forger, lines) is None
        assert await against(forger, await taken(world)) is None


async def cut(forger: "asyncpg.Connection[asyncpg.Record]", wallet_id: UUID, last: int) -> None:
    """Everything after that version is gone without a trace in the store."""
    for table, column in (("wallet_transactions", "version"), ("transaction_texts", "version"),
                          ("operations", "first_version")):  # fmt: skip
        await forger.execute(f"DELETE FROM {table} WHERE wallet_id = $1 AND {column} > $2", wallet_id, last)
    await hash_again(forger, wallet_id)


async def test_a_log_that_was_cut_is_seen_by_its_checkpoint_alone(url: str, world: World, busy: Busy) -> None:
    await world.user()
    await world.top_up(busy.reader, 7)
    lines = await taken(world)
    async with forging(url) as forger:
        await cut(forger, busy.reader, 2)
        broken = await against(forger, lines)
    assert broken == Broken(
        busy.named("txn reader 3"), 6, "the checkpoint has it; the log was cut and ends with version 2"
    )


async def test_a_log_that_was_written_anew_is_seen_by_its_checkpoint_alone(url: str, world: World, busy: Busy) -> None:
    lines = await taken(world)
    async with forging(url) as forger:
        await forger.execute("UPDATE wallet_transactions SET actor = 'usr_1' WHERE wallet_id = $1", busy.school)
        await hash_again(forger, busy.school)
        broken = await against(forger, lines)
    assert broken is not None
    assert broken.id == busy.named("txn school 4")
    assert "the checkpoint has it with the hash" in broken.message


async def test_a_wallet_that_is_gone_is_seen_by_its_checkpoint_alone(url: str, world: World, busy: Busy) -> None:
    lines = await taken(world)
    async with forging(url) as forger:
        rest = await forger.fetchval("SELECT id FROM wallets WHERE version = 0")
        for table, column in (("wallets", "id"), ("users", "id")):
            await forger.execute(f"DELETE FROM {table} WHERE {column} = $1", rest)
        broken = await against(forger, lines)
    assert broken == Broken(f"wal_{rest.hex}", 6, "the checkpoint has it with version 0; it is gone")


async def test_heads_signed_one_by_one_are_a_checkpoint_too(url: str, world: World, busy: Busy) -> None:
    key = Key(world.core.secret)
    last = (await world.top_up(busy.reader, 7)).after.version
    page = await list_heads(world.core, SYSTEM, 3, None)
    rest = await list_heads(world.core, SYSTEM, 100, page[-1].head.wallet_id)
    lines = [
        orjson.dumps(one.head.facts | {"time": one.time.isoformat(), "signature": one.signature})
        for one in [*page, *rest]
    ]
    async with forging(url) as forger:
        assert len(list(read(lines, key))) == await forger.fetchval("SELECT count(*) FROM wallets")
        await cut(forger, busy.reader, last - 1)
        broken = await first_against(forger, read(lines, key))
    assert broken is not None
    assert broken.id == busy.named(f"txn reader {last}")
