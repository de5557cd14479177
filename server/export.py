"""`tijori export`: the log as Beancount, CSV or JSON lines, to a file or the standard output."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal
from uuid import UUID

from domain import ids
from server import embedded
from server.output import open_output
from server.settings import Settings, SetupError
from server.whole_store import whole_store
from services.database import Connection
from services.export import Excerpt, has_wallet
from services.export_beancount import beancount
from services.export_tables import comma_separated, json_lines

Format = Literal["beancount", "csv", "jsonl"]

_WRITERS: dict[Format, Callable[[Connection, Excerpt], AsyncIterator[str]]] = {
    "beancount": beancount,
    "csv": comma_separated,
    "jsonl": json_lines,
}


def export(settings: Settings, wanted: Format, excerpt: Excerpt, output: Path | None) -> None:
    """In one snapshot, while a server may go on. SetupError where there is no such wallet or nowhere to write."""
    with embedded.database(settings, share=True) as url, open_output(output) as out:
        asyncio.run(_write(url, wanted, excerpt, out))


async def _write(url: str, wanted: Format, excerpt: Excerpt, out: BinaryIO) -> None:
    async with whole_store(url) as connection:
        if excerpt.wallet_id and not await has_wallet(connection, excerpt.wallet_id):
            raise SetupError(f"there is no wallet {ids.make('wal', excerpt.wallet_id)}")
        async for text in _WRITERS[wanted](connection, excerpt):
            out.write(text.encode())


def excerpt(wallet: str | None, since: datetime | None, until: datetime | None) -> Excerpt:
    """As the options say it: an id of a wallet or its owner; days of UTC, the second no longer within it."""
    wallet_id = None if wallet is None else _wallet(wallet)
    first, end = (day and day.replace(tzinfo=UTC) for day in (since, until))
    if first and end and first >= end:
        raise SetupError(f"--from {first.date()} must be before --until {end.date()}")
    return Excerpt(wallet_id, first, end)


def _wallet(text: str) -> UUID:
    wallet_id = ids.read("wal", text) or ids.read("ten", text) or ids.read("usr", text)
    if wallet_id is None:
        raise SetupError(f"--wallet takes the id of a wallet or its owner, not {text}")
    return wallet_id
