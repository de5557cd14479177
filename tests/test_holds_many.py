"""Thousands of holds in one wallet, and a long silence of every server, hold up nobody: laws 10 and 11."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.commands import PlaceHold
from domain.decisions import decide
from domain.draft import Draft
from domain.holds import MOST_OPEN_HOLDS
from domain.instants import next_instant
from domain.ledger import OpenHold
from domain.refusals import NotPossible
from services import posting_batch
from tests.accounts import NOW, WALLET, later, operation, wallet
from tests.world import World, at, opened_world

world = opened_world
MANY = 1_000


class Watched(datetime):
    """Counts how often it is compared."""

    compared = 0

    def __lt__(self, other: Any) -> bool:
        Watched.compared += 1
        return super().__lt__(other)

    def __le__(self, other: Any) -> bool:
        Watched.compared += 1
        return super().__le__(other)


def expiry(minutes: int) -> datetime:
    return Watched.fromtimestamp(NOW.timestamp() + 60 * minutes, NOW.tzinfo)


def test_what_the_clock_decides_of_many_holds_is_found_without_a_look_at_each() -> None:
    holds = tuple(OpenHold(number, 1, expiry(number)) for number in range(1, MANY + 1))
    account = replace(wallet(MANY, MANY), holds=holds)
    Watched.compared = 0
    after, written = later(account, NOW + timedelta(days=30))
    assert (after.state.locked, len(written), after.holds) == (0, MANY, ())
    assert Watched.compared < 10 * MANY


def test_open_holds_stand_in_the_turns_of_their_expiry_and_those_without_one_last() -> None:
    draft = Draft(wallet(100), operation(), NOW)
    for number, minutes in ((2, 30), (3, 10), (4, None), (5, 20), (6, None), (7, 10)):
        draft.open_hold(OpenHold(number, 1, None if minutes is None else expiry(minutes)))
    assert [hold.number for hold in draft.holds] == [3, 7, 5, 2, 4, 6]
    assert next_instant(draft.account()) == expiry(10)


def test_so_many_holds_may_be_open_in_a_wallet_and_no_more() -> None:
    holds = tuple(OpenHold(number, 1, None) for number in range(1, MOST_OPEN_HOLDS + 1))
    account = replace(wallet(MOST_OPEN_HOLDS + 5, MOST_OPEN_HOLDS), holds=holds)
    with pytest.raises(NotPossible, match="10,000 holds are open"):
        decide(account, PlaceHold(WALLET, operation(), False, 1, "", 60), NOW)


async def test_more_than_one_transaction_takes_is_caught_up_in_several_before_anything_is_decided(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting_batch, "MOST_CAUGHT_UP", 3)
    first, second = await world.tenant(), await world.tenant()
    for tenant in (first, second):
        await world.top_up(tenant, 100)
        for seconds in (500, 100, 300, 200, 400):
            await world.hold(tenant, 10, seconds)
    world.go("2025-02-02")
    before = world.core.posting.batches_committed
    with pytest.raises(NotPossible, match="has expired"):
        await world.capture(first, 2)
    assert world.core.posting.batches_committed == before + 2
    await world.transfer(first, second, 100)
    for tenant in (first, second):
        assert (await world.lines(tenant, 6))[:5] == ["RELEASE HOLD_EXPIRED locked -10"] * 5
    assert await world.money(second) == (200, 0, 0)
    [oldest, *_] = await world.database.fetch(
        "SELECT created_at, hold FROM wallet_transactions WHERE wallet_id = $1 AND version = 7", first
    )
    assert tuple(oldest) == (at("2025-02-01T00:01:40"), 3)
