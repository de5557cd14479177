"""Users without a wallet, as an import leaves them, and commands as processes that tests stop or kill."""

import subprocess
import sys
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from services.identity import new_uuid
from tests.programs import ROOT, inherited

_USERS = """
INSERT INTO users (id, phone, name, role, created_at)
SELECT id, phone, name, 'MEMBER', '2025-01-31Z' FROM unnest($1::uuid[], $2::text[], $3::text[]) AS n(id, phone, name)
"""


async def walletless(database: "asyncpg.Connection[asyncpg.Record]", names: Sequence[str]) -> list[UUID]:
    """Their ids, in order; the first one's phone is +1234567890."""
    user_ids = [new_uuid() for _ in names]
    await database.execute(_USERS, user_ids, [f"+{1234567890 + n}" for n in range(len(names))], names)
    return user_ids


def started(*words: str, **environ: str) -> "subprocess.Popen[str]":
    """A command under way."""
    command = [sys.executable, "manage.py", *words]
    environment = {**inherited(), **environ}
    return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=-1, stderr=-1, start_new_session=True)
