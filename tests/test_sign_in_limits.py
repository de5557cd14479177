"""Guessing a password takes longer and longer, and keeps no owner out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from domain import access
from domain.access import Role
from domain.people import UserChanges
from domain.refusals import NotPossible, PhoneTaken, RateLimited
from domain.sign_in import OF_A_PHONE, OF_AN_OWNER, OF_TAKEN_PHONES, WITH_A_PHONE, Patience, network_of
from services import attempts, sign_in
from services.database import now, write
from services.identity import new_uuid
from services.people import create_user
from services.people_changes import update_user
from services.people_input import NewUser
from tests.api import PASSWORD, PHONE, Api, api
from tests.world import World, opened_world

__all__ = ["opened_world"]

UNKNOWN = "+919876599999"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.4"
WRONG = "a wrong password"
SIGN_IN = """
mutation ($phone: String!) {
  signIn(phone: $phone, password: "a wrong password") { ... on Refusal { message } ... on SignedIn { token } }
}
"""


@pytest.mark.parametrize(
    ("patience", "seconds"),
    [
        (WITH_A_PHONE, [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]),
        (OF_AN_OWNER, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]),
        (OF_A_PHONE, [0] * 10 + [1, 2, 4, 8, 16, 32, 60, 60]),
    ],
)
def test_after_some_that_are_free_each_failure_doubles_the_wait(patience: Patience, seconds: list[int]) -> None:
    assert [patience.wait_after(n) for n in range(len(seconds))] == [timedelta(seconds=n) for n in seconds]
    assert patience.wait_after(2**31) == patience.most


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:a:b:c:d", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_of_ipv6_counts_with_its_customers_others(address: str, network: str) -> None:
    assert network_of(address) == network


async def fails(world: World, phone: str = PHONE, address: str = HERE) -> None:
    """A try that is let pass and fails."""
    await attempts.admit(world.core, phone, address)


async def succeeds(world: World, phone: str = PHONE, address: str = HERE) -> None:
    attempt = await attempts.admit(world.core, phone, address)
    instant = await now(world.core.clock)
    await write(lambda connection: attempts.forgive(connection, instant, attempt))


async def wait(world: World, phone: str = PHONE, address: str = HERE) -> int:
    """How long a try is told to wait; it is refused, and writes nothing."""
    async with world.refuses(RateLimited) as caught:
        await attempts.admit(world.core, phone, address)
    seconds = caught.value.retry_after_seconds
    assert seconds
    assert str(caught.value) == f"Too many tries. Wait {seconds} s, then try again."
    return seconds


def later(world: World, seconds: float) -> None:  # of a test's own patience, not of money
    fixed = world.core.clock.fixed
    assert fixed
    world.core.clock.set(fixed + timedelta(seconds=seconds))


@pytest.mark.parametrize("phone", [PHONE, UNKNOWN, "no phone", ""])
async def test_guessing_one_phones_password_takes_longer_and_longer(opened_world: World, phone: str) -> None:
    """Alike for a phone that somebody has, one that nobody has, and what is none."""
    world = opened_world
    await create_user(world.core, access.SYSTEM, NewUser(PHONE, "Asha", None))
    waits = []
    for _ in range(3):
        await fails(world, phone)
    for _ in range(12):
        waits.append(await wait(world, phone))
        later(world, waits[-1] - 0.5)
        assert await wait(world, phone) == 1
        later(world, 0.5)
        await fails(world, phone)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    later(world, 60)
    assert await wait(world, phone) == 840
    await fails(world, phone, ELSEWHERE)


async def test_of_many_tries_at_once_no_more_pass_than_may(opened_world: World) -> None:
    world = opened_world
    tries = await asyncio.gather(*(attempts.admit(world.core, PHONE, HERE) for _ in range(40)), return_exceptions=True)
    assert sum(isinstance(one, attempts.Attempt) for one in tries) == 3
    assert all(isinstance(one, attempts.Attempt | RateLimited) for one in tries)


async def test_two_processes_count_together(opened_world: World) -> None:
    world = opened_world
    async with world.another() as other:
        for one in (world, other, world):
            await fails(one)
        assert await wait(other) == 1


async def test_what_failed_is_forgotten_a_day_after_the_last_try(opened_world: World) -> None:
    world = opened_world
    for _ in range(3):
        await fails(world)
    later(world, 86_399)
    await fails(world)
    assert await wait(world) == 2
    later(world, 86_400)
    for _ in range(3):
        await fails(world)
    assert await wait(world) == 1


async def test_a_sign_in_that_succeeds_forgets_the_failures_of_that_phone_there(opened_world: World) -> None:
    world = opened_world
    for _ in range(2):
        await fails(world)
        await fails(world)
        await succeeds(world)
    for _ in range(3):
        await fails(world)
    assert await wait(world) == 1


async def test_many_phones_from_one_address_wait_too_and_ones_own_success_does_not_help(opened_world: World) -> None:
    world = opened_world
    address = "2001:db8:1:2::1"
    for n in range(20):
        await succeeds(world, PHONE, address)
        await fails(world, f"+9198766{n:05d}", address)
    assert await wait(world, UNKNOWN, "2001:db8:1:2:ffff::2") == 1
    await fails(world, UNKNOWN, "2001:db8:1:3::1")
    await succeeds(world, PHONE, address)  # its own address: what others do there is not its fault


async def test_many_addresses_cannot_keep_an_owner_out(opened_world: World) -> None:
    """Who guesses from everywhere waits, at most a minute; the phone's own address goes by its own tries alone."""
    world = opened_world
    await succeeds(world, PHONE, HERE)
    for n in range(10):
        await fails(world, PHONE, f"192.0.2.{n}")
    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
        assert await wait(world, PHONE, ELSEWHERE) == seconds
        later(world, seconds)
        await fails(world, PHONE, f"192.0.2.{100 + seconds}")
    await succeeds(world, PHONE, HERE)
    for _ in range(12):
        later(world, 60)
        await fails(world, PHONE, HERE)
    assert await wait(world, PHONE, HERE) == 60
    later(world, 60)
    await succeeds(world, PHONE, HERE)


async def test_a_try_that_succeeds_takes_back_what_it_counted_and_no_wait_of_another(opened_world: World) -> None:
    world = opened_world
    for n in range(19):
        await fails(world, f"+9198766{n:05d}")
    await succeeds(world)
    await fails(world, UNKNOWN)
    assert await wait(world, "+919876500055") == 1
    later(world, 1)
    mine = await attempts.admit(world.core, UNKNOWN, HERE)
    later(world, 2)
    await fails(world, "+919876500055")
    instant = await now(world.core.clock)
    await write(lambda connection: attempts.forgive(connection, instant, mine))
    assert await wait(world, "+919876500056") == 4


async def test_the_table_tells_neither_phones_nor_addresses(opened_world: World) -> None:
    world = opened_world
    await succeeds(world)
    await fails(world)
    rows = await world.sql("SELECT key FROM sign_in_attempts")
    assert {len(key) for (key,) in rows} == {32}
    told = str(await world.sql("SELECT * FROM sign_in_attempts"))
    assert PHONE not in told
    assert HERE not in told


async def test_signing_oneself_up_from_one_address_waits_after_ten(opened_world: World) -> None:
    world = opened_world
    for _ in range(10):
        await attempts.admit_registration(world.core, HERE)
    async with world.refuses(RateLimited):
        await attempts.admit_registration(world.core, HERE)
    await attempts.admit_registration(world.core, ELSEWHERE)
    await fails(world)


async def test_who_manages_one_tenant_does_not_try_out_whose_phones_are_known(opened_world: World) -> None:
    """Making members of its own does not count, nor does a whole import by one who sees all."""
    world = opened_world
    tenant = await world.tenant()
    await create_user(world.core, access.SYSTEM, NewUser(PHONE, "Ravi", None))
    manager = access.viewer_of_user(new_uuid(), Role.TENANT_ADMIN, tenant, new_uuid())
    member = (await create_user(world.core, manager, NewUser("+919876512345", "Asha", None, tenant_id=tenant))).id
    asked = UserChanges(phone=PHONE)
    for _ in range(OF_TAKEN_PHONES.free):
        with pytest.raises(PhoneTaken):
            await update_user(world.core, manager, member, asked, dry_run=True)
    with pytest.raises(PhoneTaken):
        await create_user(world.core, access.SYSTEM, NewUser(PHONE, "Ravi", None))
    for _ in range(2):
        with pytest.raises(RateLimited):
            await create_user(world.core, manager, NewUser("+919876512346", "Asha", None, tenant_id=tenant))
    later(world, 1)
    await create_user(world.core, manager, NewUser("+919876512346", "Asha", None, tenant_id=tenant))


async def test_where_tries_are_not_limited_none_is_counted(opened_world: World) -> None:
    core = replace(opened_world.core, limit_sign_ins=False)
    async with opened_world.unchanged():
        for _ in range(5):
            await attempts.admit(core, PHONE, HERE)


async def enter(world: World, password: str, address: str = HERE) -> sign_in.SignedIn:
    return await sign_in.sign_in(world.core, PHONE, password, address=address, user_agent="")


async def test_the_right_password_is_not_heard_while_one_waits(opened_world: World) -> None:
    """Else the wait would tell whether a guess was right."""
    world = opened_world
    await create_user(world.core, access.SYSTEM, NewUser(PHONE, "Asha", PASSWORD))
    for _ in range(3):
        async with asyncio.timeout(20):
            with pytest.raises(NotPossible):
                await enter(world, WRONG)
    for password in (WRONG, PASSWORD):
        async with world.refuses(RateLimited):
            await enter(world, password)
    later(world, 1)
    assert await enter(world, PASSWORD)
    with pytest.raises(NotPossible):
        await enter(world, WRONG)


async def test_a_wrong_old_password_counts_as_a_try(opened_world: World) -> None:
    world = opened_world
    user = await create_user(world.core, access.SYSTEM, NewUser(PHONE, "Asha", PASSWORD))
    signed = await enter(world, PASSWORD, ELSEWHERE)

    async def change(old: str) -> UUID:
        changed = await sign_in.change_password(world.core, signed.viewer, old, "quite another 7", address=HERE)
        return changed.id

    for _ in range(3):
        with pytest.raises(NotPossible):
            await change(WRONG)
    async with world.refuses(RateLimited):
        await change(PASSWORD)
    later(world, 1)
    assert await change(PASSWORD) == user.id


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def test_a_refusal_is_alike_for_known_and_unknown_phones_and_says_how_long(here: Api) -> None:
    await create_user(here.shared.core, access.SYSTEM, NewUser("+919876500001", "Ravi", PASSWORD))
    phones = ["+919876500001", UNKNOWN, "not a phone"]
    answers = [[await here.nobody.ask(SIGN_IN, phone=phone) for _ in range(4)] for phone in phones]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][:3] == [{"data": {"signIn": {"message": "The phone or the password is wrong."}}}] * 3
    (error,) = answers[0][3]["errors"]
    assert error["extensions"] == {"code": "RATE_LIMITED", "retryAfterSeconds": 1}
    assert error["message"] == "Too many tries. Wait 1 s, then try again."
    here.at("2025-02-01T00:00:01+00:00")
    assert (await here.nobody.sign_in("+919876500001", PASSWORD)).token
