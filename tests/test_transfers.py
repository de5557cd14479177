"""An operation over two wallets is atomic: laws 4, 7, 8 and 9."""

import asyncio
from uuid import UUID

import pytest

from domain.refusals import (
    BadInput,
    IdempotencyConflict,
    InsufficientFunds,
    NotFound,
    NotPossible,
    WalletLocked,
)
from services.identity import new_uuid
from services.posting_batch import Posted
from tests.world import World, line, opened_world

world = opened_world


def told(posted: Posted) -> list[str]:
    return [line(t) for t in posted.transactions]


async def two(world: World, amount: int) -> tuple[UUID, UUID]:
    """Two wallets, the first with so much in it."""
    one, other = await world.tenant(), await world.tenant("Deccan Press")
    await world.top_up(one, amount)
    return one, other


async def test_a_transfer_moves_money_and_says_so_on_both_sides(world: World) -> None:
    one, other = await two(world, 500)
    posted = await world.transfer(one, other, 200)
    assert told(posted) == ["DEBIT TRANSFER -200", "CREDIT TRANSFER +200"]
    assert [t.counterparty for t in posted.transactions] == [other, one]
    assert [t.operation_home for t in posted.transactions] == [None, one]
    assert (posted.after.total, posted.based_on_version) == (300, 1)
    assert (await world.money(one), await world.money(other)) == ((300, 0, 0), (200, 0, 0))


async def test_what_a_transfer_brings_settles_what_is_due_and_unlocks(world: World) -> None:
    tenant = await world.owing()
    payer = await world.user()
    await world.top_up(payer, 150)
    posted = await world.transfer(payer, tenant, 150)
    assert told(posted) == [
        "DEBIT TRANSFER -150", "CREDIT TRANSFER +150", "DEBIT INVOICE -100", "DUE SETTLED due -100",
        "UNLOCK INSUFFICIENT_FUNDS",
    ]  # fmt: skip
    assert await world.money(tenant) == (50, 0, 0)


async def test_a_transfer_is_refused_before_anything_is_written(world: World) -> None:
    one, other = await two(world, 500)
    rupees = await world.user()
    yen = await world.tenant("Kyoto", currency="JPY")
    async with world.refuses(InsufficientFunds) as caught:
        await world.transfer(one, other, 501)
    assert (caught.value.available, caught.value.shortfall) == (500, 1)
    async with world.refuses(NotPossible) as one_currency:
        await world.transfer(one, yen, 1)
    assert "INR" in str(one_currency.value)
    assert "JPY" in str(one_currency.value)
    async with world.refuses(BadInput):
        await world.transfer(one, one, 1)
    async with world.refuses(NotFound):
        await world.transfer(one, new_uuid(), 1)
    async with world.refuses(BadInput):
        await world.transfer(one, rupees, 0)
    await world.lock(one)
    async with world.refuses(WalletLocked):
        await world.transfer(one, other, 1)
    await world.top_up(other, 5)
    await world.transfer(other, one, 5)  # everything comes in while locked
    assert await world.money(one) == (505, 0, 0)


async def test_the_same_key_transfers_once_and_answers_both_sides_again(world: World) -> None:
    one, other = await two(world, 500)
    first = await world.transfer(one, other, 200, "key")
    await world.top_up(other, 7)
    again = await world.transfer(one, other, 200, "key")
    assert again.replayed
    assert again.transactions == first.transactions
    async with world.refuses(IdempotencyConflict):
        await world.transfer(one, other, 201, "key")
    third = await world.user()
    async with world.refuses(IdempotencyConflict):
        await world.transfer(one, third, 200, "key")


async def test_copies_of_a_transfer_in_flight_at_once_move_money_once(world: World) -> None:
    one, other = await two(world, 500)
    async with world.another() as elsewhere:
        posted = await asyncio.gather(*(w.transfer(one, other, 200, "key") for w in (world, elsewhere) * 5))
    assert sorted(p.replayed for p in posted) == [False] + [True] * 9
    assert len({tuple(told(p)) for p in posted}) == 1
    assert await world.money(other) == (200, 0, 0)


async def test_transfers_both_ways_at_once_from_two_processes_lose_nothing(world: World) -> None:
    one, other = await two(world, 500)
    await world.top_up(other, 500)
    async with world.another() as elsewhere:
        ways = [(world, one, other), (elsewhere, other, one)] * 40
        await asyncio.gather(*(w.transfer(a, b, 1 + n % 3) for n, (w, a, b) in enumerate(ways)))
    assert (await world.money(one))[0] + (await world.money(other))[0] == 1000


async def test_a_dry_transfer_says_what_would_be_and_writes_nothing(world: World) -> None:
    one, other = await two(world, 500)
    async with world.unchanged():
        dry = await world.transfer(one, other, 200, "key", dry_run=True)
    wet = await world.transfer(one, other, 200, "key")
    assert told(dry) == told(wet)
    assert dry.after == wet.after


@pytest.mark.parametrize("side", [0, 1])
async def test_a_transfer_is_taken_back_from_either_side_on_both(world: World, side: int) -> None:
    wallets = await two(world, 500)
    await world.transfer(*wallets, 200)
    version = (2, 1)[side]
    part = await world.reverse(wallets[side], version, 50)
    assert {line(t) for t in part.transactions} == {"CREDIT REVERSAL +50", "DEBIT REVERSAL -50"}
    assert [t.wallet_id for t in part.transactions] == [wallets[side], wallets[1 - side]]
    assert [t.reverses for t in part.transactions] == [version, (1, 2)[side]]
    await world.reverse(wallets[1 - side], (1, 2)[side])
    assert [await world.money(w) for w in wallets] == [(500, 0, 0), (0, 0, 0)]
    async with world.refuses(NotPossible):
        await world.reverse(wallets[side], version)


async def test_a_transfer_that_was_spent_is_not_taken_back(world: World) -> None:
    one, other = await two(world, 500)
    await world.transfer(one, other, 200)
    await world.adjust(other, "SUBTRACT", 150)
    async with world.refuses(InsufficientFunds) as caught:
        await world.reverse(one, 2)
    assert caught.value.shortfall == 150
