"""A process of its own that sends what is due at an instant: `python -m tests.webhook_sender URL INSTANT`.

Says "ready", sends once it is told to by a line, says "done" when all of it is settled.
"""

import asyncio
import sys
from datetime import datetime

from tortoise import Tortoise

from models.config import tortoise_config
from server.logs import configure
from server.webhook_http import Sender
from server.webhooks import Deliverer
from services.clock import Clock
from services.core import Core
from services.posting import Posting


async def main(url: str, instant: str) -> None:
    configure()
    clock = Clock(datetime.fromisoformat(instant))
    core = Core(Posting(clock, lambda _: None), clock, b"secret of the tests", private_webhooks=True)
    await Tortoise.init(config=tortoise_config(url), _enable_global_fallback=True)
    deliverer = Deliverer(core, Sender(private=True))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    while await deliverer.begin():
        await deliverer.finish()
    await deliverer.stop()
    await Tortoise.close_connections()
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
