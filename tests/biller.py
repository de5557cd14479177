"""A process of its own that bills on a simulated clock: `python -m tests.biller URL INSTANT [MONTH]`.

Says "ready", bills once it is told to by a line, says "done". Without a month it makes the scheduler's round.
"""

import asyncio
import sys
from datetime import date, datetime

from tortoise import Tortoise

from domain import access
from models.config import tortoise_config
from server.logs import configure
from services.billing import run_billing
from services.clock import Clock
from services.core import Core
from services.posting import Posting
from services.scheduling import schedule


async def main(url: str, instant: str, month: str | None = None) -> None:
    configure()
    clock = Clock(datetime.fromisoformat(instant))
    core = Core(Posting(clock, lambda _: None), clock, b"secret of the tests")
    await Tortoise.init(config=tortoise_config(url), _enable_global_fallback=True)
    core.posting.start()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    if month is None:
        await schedule(core)
    else:
        await run_billing(core, access.SYSTEM, date.fromisoformat(f"{month}-01"), None)
    await asyncio.gather(*core.background)
    await core.posting.stop()
    await Tortoise.close_connections()
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
