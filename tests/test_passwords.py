"""Which passwords are refused, and that hashing many at once leaves the server free for others."""

import asyncio
import threading
import time

import pytest

from domain.refusals import BadInput
from services import passwords
from tests.api import PASSWORD

EASY = [
    "password1234",
    "Password123!",
    "iloveyou1234",
    "qwertyuiop12",
    "123456789012",
    "aaaaaaaaaaaa",
    "letmeinletmein",
    "Adm1n1str@tor",
    "password" * 16,
    "x1Q-" * 4 + "z",
]
HARD = [
    PASSWORD,
    "open sesame 42",
    "hidden words",
    "ZKzc9pVNKw-1xYzQ",
    "a" * 20 + "Zk9#qL2v",
    "తిజోరీ తాళం చెవి",
]


@pytest.mark.parametrize("length", [0, 11, 129])
def test_a_password_has_12_to_128_characters(length: int) -> None:
    with pytest.raises(BadInput, match=f"password takes 12 to 128 characters; this one has {length}"):
        passwords.check("kq7-" * 32 + "k" if length == 129 else "kq7-zu4.wo9"[:length])


@pytest.mark.parametrize("password", EASY)
def test_a_common_password_is_refused_with_what_to_take_instead(password: str) -> None:
    with pytest.raises(BadInput, match=r"tried first\. Take four words"):
        passwords.check(password)


@pytest.mark.parametrize("password", HARD)
def test_other_passwords_are_taken_in_any_script(password: str) -> None:
    passwords.check(password)


def test_a_password_made_of_what_is_known_about_its_owner_is_refused() -> None:
    passwords.check("Venkateswarulu7")
    for about in (("+919876500001", "Venkateswarulu Reddy"), ("+919876500001", "venkateswarulu")):
        with pytest.raises(BadInput):
            passwords.check("Venkateswarulu7", *about)
    for phone in ("+919876500001", "919876500001"):
        with pytest.raises(BadInput):
            passwords.check(phone, "+919876500001", "Asha")


def test_no_password_takes_long_to_judge() -> None:
    """Of one that is full of characters that stand for letters, judged whole, it would take seconds."""
    began = time.thread_time()
    passwords.check(("4@8({[</369&#!1/|0$5+7%2" * 6)[:128])
    assert time.thread_time() - began < 1


@pytest.mark.usefixtures("costly_hashes")
async def test_two_are_hashed_at_once_and_the_loop_goes_on() -> None:
    at_work: set[str] = set()
    hashing = asyncio.gather(*(passwords.hash_new(PASSWORD) for _ in range(8)))
    turns = 0
    while not hashing.done():
        at_work |= {thread.name for thread in threading.enumerate() if thread.name.startswith("passwords")}
        turns += 1
        await asyncio.sleep(0)
    assert len(set(await hashing)) == 8
    assert len(at_work) <= 2 < turns


@pytest.mark.usefixtures("costly_hashes")
async def test_a_right_password_is_right_and_none_fits_nobody() -> None:
    hashed = await passwords.hash_new(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.is_right(PASSWORD, hashed)
    assert not await passwords.is_right(PASSWORD.upper(), hashed)
    assert not await passwords.is_right("nobody's password", None)


@pytest.mark.parametrize("password", [*EASY, *HARD, "short", "", "a" * 129, "half \ud800 a pair"])
async def test_what_is_told_while_one_is_typed_is_what_setting_it_would_answer(password: str) -> None:
    strength, refusal = await passwords.judge(password), None
    try:
        passwords.check(password)
    except BadInput as refused:
        refusal = str(refused)
    assert strength.problem == refusal
    assert (strength.power >= 8) is (refusal is None)


async def test_a_password_made_of_ones_own_name_and_phone_is_told_weak() -> None:
    assert await passwords.judge("Ashalatha9876") == passwords.Strength(11, None)
    strength = await passwords.judge("Ashalatha9876", "+919876500001", "Ashalatha Rao")
    assert strength.power == 4
    assert "tried first" in (strength.problem or "")
