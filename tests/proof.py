"""Proof that a store is whole, by the program's own verification: tests/test_verification.py proves that it finds."""

from uuid import UUID

import asyncpg

from services import verification
from services.database import snapshot
from services.verification import Proof


async def proof_of(database: "asyncpg.Connection[asyncpg.Record]", wallet_id: UUID | None = None) -> Proof:
    """In one snapshot, of all or of one wallet."""
    async with snapshot(database):
        return await verification.prove(database, wallet_id)


async def prove(database: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Every wallet's log row by row, and all that hangs on it."""
    proof = await proof_of(database)
    assert proof.broken is None, proof.broken
