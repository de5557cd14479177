"""A process of its own that tops a wallet up, a hundred callers at a time, and says each key once it is answered.

`python -m tests.poster URL WALLET PREFIX`, until it is killed.
"""

import asyncio
import sys
from uuid import UUID

from tests.world import World, open_world

CALLERS = 100


async def call(world: World, wallet: UUID, prefix: str, caller: int) -> None:
    """Key after key, for ever."""
    number = caller
    while True:
        await world.top_up(wallet, 1, f"{prefix}-{number}")
        print(number, flush=True)
        number += CALLERS


async def main(url: str, wallet: str, prefix: str) -> None:
    async with open_world(url) as world:
        await asyncio.gather(*(call(world, UUID(wallet), prefix, caller) for caller in range(CALLERS)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
