"""Proof that a store is whole, by the program's own verification: tests/test_verification.py proves that it finds."""

import asyncpg

from services.database import snapshot
from services.verification import prove as prove_all


async def prove(database: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Every wallet's log row by row, and all that hangs on it."""
    async with snapshot(database):
        proof = await prove_all(database)
    assert proof.broken is None, proof.broken
