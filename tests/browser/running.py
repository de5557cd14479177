"""Programs that run beside a test, for as long as it needs them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx

from tests.programs import ROOT


@asynccontextmanager
async def running(*words: str, until: str, **settings: str) -> AsyncIterator[None]:
    """A Python program for as long as it is needed, once it answers."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, env={**inherited, **settings}, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await answers(until)
        yield
    finally:
        process.terminate()
        await process.wait()


async def answers(url: str) -> None:
    """Waits until a program that was just started answers well."""
    async with asyncio.timeout(60), httpx.AsyncClient(trust_env=False) as client:
        while True:
            with suppress(httpx.TransportError):
                if (await client.get(url)).is_success:
                    return
            await asyncio.sleep(0.05)  # nothing tells when a port of another process opens
