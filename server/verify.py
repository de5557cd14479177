"""`tijori verify` and `tijori checkpoint`: the store is proved whole, or the first broken row is named."""

import asyncio
import time
import traceback
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import typer

from domain.checkpoints import Head, Key, NotACheckpoint, read
from domain.verification import Broken
from server import embedded, folder
from server.output import open_output
from server.settings import Settings, SetupError, load
from server.whole_store import whole_store
from services import checkpoints
from services.verification import Proof, prove

PROVED, BROKEN, UNKNOWN = 0, 1, 2


def verify(since: Path | None) -> int:
    """The exit code: 0 proved, 1 broken, 2 where nothing can be said."""
    try:
        return _verify(load(), since)
    except KeyboardInterrupt:
        return _unknown("interrupted before the end")
    except (SetupError, NotACheckpoint, OSError) as error:
        return _unknown(str(error))
    except Exception:
        traceback.print_exc()
        return _unknown("an unexpected error")


def _unknown(why: str) -> int:
    typer.echo(f"tijori: nothing is proved: {why}", err=True)
    return UNKNOWN


def _verify(settings: Settings, since: Path | None) -> int:
    began = time.perf_counter()
    key = Key(folder.secret(settings).encode())
    if since is not None:
        deque(_heads(since, key), maxlen=0)  # it is believed only once its end is read
    with embedded.database(settings, share=True) as url:
        proof, broken = asyncio.run(_prove(url, since, key))
    if broken is not None:
        typer.echo(f"BROKEN  {broken.id}  law {broken.law}: {broken.message}")
        return BROKEN
    held = f", and held against {since}" if since else ""
    seconds = time.perf_counter() - began
    typer.echo(f"proved: {proof.wallets:,} wallets with {proof.rows:,} transactions in {seconds:.1f} s{held}")
    return PROVED


async def _prove(url: str, since: Path | None, key: Key) -> tuple[Proof, Broken | None]:
    async with whole_store(url) as connection:
        proof = await prove(connection)
        if proof.broken or since is None:
            return proof, proof.broken
        return proof, await checkpoints.first_against(connection, _heads(since, key))


def _heads(path: Path, key: Key) -> Iterator[Head]:
    try:
        with path.open("rb") as lines:
            yield from read(lines, key)
    except NotACheckpoint as error:
        raise NotACheckpoint(f"{path} is no checkpoint to hold against: {error}") from None


def checkpoint(settings: Settings, output: Path | None) -> None:
    """To a file that appears whole or not at all, or to the standard output."""
    key = Key(folder.secret(settings).encode())
    with embedded.database(settings, share=True) as url, open_output(output) as out:
        asyncio.run(_take(url, key, out))


async def _take(url: str, key: Key, out: BinaryIO) -> None:
    async with whole_store(url) as connection:
        async for line in checkpoints.take(connection, key):
            out.write(line)
