"""Passwords: argon2id, off the event loop."""

import asyncio

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from domain import inputs

SHORTEST, LONGEST = 12, 128
_HASHER = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))
# What an unknown phone's password is held against, so that it takes as long as a known one's.
_DUMMY = _HASHER.hash("nobody's password")


def check(password: str) -> None:
    """Raises BadInput for one that is too short or too long."""
    inputs.text("password", password, LONGEST, shortest=SHORTEST)


async def hash_password(password: str) -> str:
    """For the store."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def is_right(password: str, hashed: str | None) -> bool:
    """Whether the password is the one; False where there is none, in the same time."""
    given = password[: LONGEST + 1].encode(errors="surrogatepass")  # half a pair is in no password that was set
    verified = await asyncio.to_thread(_HASHER.verify, given, hashed or _DUMMY)
    return verified and hashed is not None
