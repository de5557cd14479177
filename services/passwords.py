"""Passwords: which are refused, and argon2id, off the event loop."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar, TypeVarTuple

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from domain import inputs
from domain.refusals import BadInput

Given = TypeVarTuple("Given")
T = TypeVar("T")

SHORTEST, LONGEST = 12, 128
FEWEST_GUESSES = 10**8
"""Of whoever knows what people choose: what fewer find is common."""
_JUDGED = 20
"""Characters that are judged at once: of twice as many that stand for others (4@8({[<), it takes seconds."""
_AT_ONCE = 2
_COMMON = (
    "This password is among those that are tried first. Take four words that do not belong together, "
    "or let a password manager make one."
)
_THREADS = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")
"""However many sign in at once: each hash takes 19 MiB and a processor, and others need threads too."""
_JUDGE = ThreadPoolExecutor(1, thread_name_prefix="judge of passwords")
"""Whoever types one keeps nobody from signing in."""
_judging = threading.Lock()  # the library keeps the words about one password where the next one's are put


class Hashing:
    """argon2id, at a cost that only tests take lower."""

    def __init__(self, memory_kib: int = 19_456, passes: int = 2) -> None:
        self.hasher = PasswordHash((Argon2Hasher(memory_cost=memory_kib, time_cost=passes, parallelism=1),))
        self.nobodys = self.hasher.hash("nobody's password")
        """What an unknown phone's password is held against, so that it takes as long as a known one's."""


hashing = Hashing()


@dataclass(frozen=True, slots=True)
class Strength:
    """How many guesses a password takes, as a power of ten, and why it would be refused; None: it would be taken."""

    power: int
    problem: str | None


def check(password: str, *about: str) -> None:
    """Raises BadInput for one that is too short, too long, or easily guessed. `about`: their phone, their name."""
    inputs.text("password", password, LONGEST, shortest=SHORTEST)
    if not any(_guesses(part, about) >= FEWEST_GUESSES for part in _parts(password)):
        raise BadInput(_COMMON)


async def judge(password: str, *about: str) -> Strength:
    """What `check` would say, and how strong it is: for those who are typing one. Too long a one is not looked at."""
    return await asyncio.get_running_loop().run_in_executor(_JUDGE, _judge, password, *about)


def _judge(password: str, *about: str) -> Strength:
    try:
        inputs.text("password", password, LONGEST, shortest=SHORTEST)
    except BadInput as refused:
        return Strength(0, str(refused))
    power = len(str(max(_guesses(part, about) for part in _parts(password)))) - 1
    return Strength(power, None if 10**power >= FEWEST_GUESSES else _COMMON)


def _parts(password: str) -> Iterator[str]:
    """One that cannot be guessed makes the whole one that cannot."""
    for start in range(0, len(password), _JUDGED):
        yield password[start : start + _JUDGED]


def _guesses(part: str, about: tuple[str, ...]) -> int:
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # its lists take 15 MB, which most commands never need

    words = {word for text in (*about, "tijori") for word in (text, text.lstrip("+"), *text.split())}
    with _judging:
        return int(zxcvbn(part, user_inputs=sorted(words))["guesses"])


async def check_new(password: str, *about: str) -> None:
    """`check`, off the event loop: it takes milliseconds."""
    await _in_thread(check, password, *about)


async def hash_new(password: str, *about: str) -> str:
    """For the store. Raises BadInput as `check` does."""
    await check_new(password, *about)
    return await hash_password(password)


async def hash_password(password: str) -> str:
    """For the store, of one that was checked."""
    return await _in_thread(hashing.hasher.hash, password)


async def is_right(password: str, hashed: str | None) -> bool:
    """Whether the password is the one; False where there is none, in the same time."""
    given = password[: LONGEST + 1].encode(errors="surrogatepass")  # half a pair is in no password that was set
    verified = await _in_thread(hashing.hasher.verify, given, hashed or hashing.nobodys)
    return verified and hashed is not None


async def _in_thread(work: Callable[[*Given], T], *given: *Given) -> T:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work, *given)
