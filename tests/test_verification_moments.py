"""A store is proved as it is at one moment: when it is new, and while others write it. Law 6."""

import asyncio
from uuid import UUID

from services.verification import Proof
from tests.proof import proof_of
from tests.world import World, opened_world

world = opened_world


async def test_an_empty_store_is_whole(world: World) -> None:
    assert await proof_of(world.database) == Proof(0, 0, None)


async def test_a_store_is_proved_while_it_is_written(world: World) -> None:
    """Each proof is of one moment, between two commits."""
    wallets = [await world.user() for _ in range(4)]

    async def write(wallet: UUID) -> None:
        for _ in range(50):
            await world.top_up(wallet, 100, text="again")
            await world.transfer(wallet, wallets[0] if wallet != wallets[0] else wallets[1], 1)

    writing = asyncio.gather(*map(write, wallets))
    rows = []
    while not writing.done():
        proof = await proof_of(world.database)
        assert proof.broken is None
        rows.append(proof.rows)
    await writing
    assert len(set(rows)) > 1
    assert (await proof_of(world.database)).rows == 4 * 50 * 3
