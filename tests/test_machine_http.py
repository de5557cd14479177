"""Four servers, their clients all at the same few wallets, one server killed: every row and answer is by the laws."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from domain import access
from domain.access import Role
from services.people import create_user
from services.people_input import NewUser
from tests.api import PASSWORD, PHONE
from tests.askers import Ask, Client, Known, signed_in
from tests.fleet import Fleet, fleet
from tests.model import months
from tests.model.answers import Row
from tests.model.prices import Price
from tests.model.usage import Event
from tests.replay import Replay, check_what_was_heard, in_order, written
from tests.side_by_side import Both, Request
from tests.world import open_world

SERVERS, SOON = 4, timedelta(seconds=8)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
MONTHS, HOLDS = 6, 15


def used_months(now: datetime) -> list[str]:
    """Some that were over two days ago, in order."""
    found = [months.before(months.of(now - 2 * DAY, "UTC"))]
    while len(found) < MONTHS:
        found.insert(0, months.before(found[0]))
    return found


async def begin(both: Both, now: datetime) -> None:
    """Soon the grace of a's invoices will end, then the window of b's, then one hold of u's after another."""
    used = used_months(now)
    await both.tenant("a", "UTC", 1, 0)
    await both.tenant("b", "UTC", 0, 1)
    both.wait(now - DAY + SOON - both.now)
    starts = [months.start(month, "UTC") for month in used]
    for name in ("a", "b"):
        await both.set_price(name, Price("X", starts[0], unit_price=Fraction(10)), None)
        await both.record(name, [Event(f"{n}", "X", Fraction(10 * 2**n), start) for n, start in enumerate(starts)])
    await both.ask(Request("top_up", "b", (8_000, "first")))
    await both.bill("a", used[-1])
    both.wait(SECOND)
    await both.bill("b", used[-1])
    await hold(both, now)
    await both.compare()


async def hold(both: Both, now: datetime) -> None:
    """For a minute each, all of them placed in the last one."""
    for name in ("u", "v"):
        await both.user(name, "INR")
    await both.ask(Request("top_up", "u", (2_000, "first")))
    both.wait(now - timedelta(minutes=1) + SOON - both.now)
    for n in range(HOLDS):
        both.wait(3 * SECOND)
        await both.ask(Request("place_hold", "u", (100, 60, f"held-{n}")))
    both.wait(now - both.now)


def known(both: Both) -> Known:
    wallets = both.ledger.wallets.items()
    invoices = [(name, count) for name, wallet in wallets for count in wallet.invoices]
    return Known(both.ids, invoices, held=[(name, n) for name, wallet in wallets for n in wallet.holds if name == "u"])


async def live(servers: Fleet, known: Known, each: int, kills: int) -> list[Ask]:
    """Three clients a server ask so much each; in the middle servers are killed, all but the last begun again."""
    token, turns = await signed_in(servers, PHONE, PASSWORD), itertools.count(1)
    names = [(home, f"{home}{letter}") for home in range(SERVERS) for letter in "abc"]
    due = {len(names) * each * kill // (kills + 1): kill for kill in range(1, kills + 1)}

    def turn() -> None:
        if kill := due.get(next(turns)):
            servers.kill(kill % SERVERS)
            if kill < kills:
                servers.begin(kill % SERVERS)

    clients = [Client(name, servers, token, home, known, Random(name), turn) for home, name in names]
    await asyncio.gather(*(client.live(each) for client in clients))
    return [ask for client in clients for ask in client.asks]


async def told(database_url: str, place: Path, each: int, kills: int) -> list[Row]:
    """And replayed. Returns all that was written meanwhile."""
    now = datetime.now(UTC)
    start = months.start(used_months(now)[0], "UTC")
    async with open_world(database_url, f"{start:%Y-%m-%dT%H:%M}") as world:
        both = Both(world)
        await create_user(world.core, access.SYSTEM, NewUser(PHONE, "Administrator", PASSWORD, role=Role.SUPER_ADMIN))
        await begin(both, now)
        async with fleet(SERVERS, database_url, place) as servers:
            asks = await live(servers, known(both), each, kills)
            await asyncio.to_thread(servers.stop)
        operations = in_order(await written(both))
        check_what_was_heard(both, asks, operations)
        Replay(both, asks, both.now).go(operations, end := datetime.now(UTC))
        world.core.clock.set(end)
        await both.compare()
        return [row for one in operations for row in one.rows]


pytestmark = pytest.mark.proof  # four servers and twelve clients: both processors for as long as it takes


async def test_what_four_servers_do_at_once_is_what_the_model_does_in_their_order(
    database_url: str, tmp_path: Path
) -> None:
    assert len(await told(database_url, tmp_path, 15, 1)) > 50


async def test_and_so_it_is_while_servers_are_killed_and_begin_again(database_url: str, tmp_path: Path) -> None:
    """Long enough for holds to expire."""
    rows = await told(database_url, tmp_path, 500, 4)
    reasons = {row.reason for row in rows}
    assert {"HOLD_EXPIRED", "SETTLED", "VOID", "REVERSAL", "TRANSFER", "INSUFFICIENT_FUNDS"} <= reasons
