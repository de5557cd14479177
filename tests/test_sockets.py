"""Subscriptions on real sockets: what is refused, what ends, and what a screen of many wallets gets."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from domain import access
from services.people import create_tenant
from services.people_input import NewTenant
from services.wallets import set_manual_lock, top_up
from tests.api import SECRET, Api, api
from tests.programs import ROOT

EVENTS = "subscription ($id: ID!, $after: Int) { walletEvents(walletId: $id, afterVersion: $after) { __typename } }"
CHANGED = """
subscription ($ids: [ID!], $filter: WalletFilter) { walletsChanged(ids: $ids, filter: $filter) {
  id version balance { total } lock { locked } } }
"""

TOO_MANY_ALIASES = "subscription { " + " ".join(f"a{n}: walletsChanged {{ id }}" for n in range(60)) + " }"
POST = """
import asyncio, sys
from datetime import datetime
from uuid import UUID
from domain import access
from server.opened import opened
from services.clock import Clock
from services.wallets import top_up
async def main(url, secret, now, wallet):
    async with opened(url, secret, Clock(datetime.fromisoformat(now))) as shared:
        await top_up(shared.core, access.SYSTEM, UUID(wallet), 5, "", "from elsewhere")
asyncio.run(main(*sys.argv[1:]))
"""


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def wallet(here: Api, name: str) -> str:
    tenant = await create_tenant(here.shared.core, access.SYSTEM, NewTenant(name))
    return f"wal_{tenant.id.hex}"


async def put(here: Api, wallet_id: str, amount: int, key: str) -> None:
    uuid = here.uuid(wallet_id)
    await top_up(here.shared.core, access.SYSTEM, uuid, amount, "", key)


async def test_without_a_token_a_stream_is_refused(here: Api) -> None:
    mine = await wallet(here, "One")
    async with here.subscribe(here.nobody, EVENTS, id=mine) as stream:
        (error,) = await stream.errors()
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "query",
    ["subscription {", "subscription { nothing }", "{" * 300, TOO_MANY_ALIASES],
)
async def test_a_document_beyond_the_limits_or_the_schema_is_refused_and_the_server_goes_on(
    here: Api, query: str
) -> None:
    async with here.subscribe(here.admin, query) as stream:
        (error,) = await stream.errors()
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert await here.admin.get("{ viewer { id } }") is None


async def test_a_page_of_another_origin_gets_no_socket(here: Api) -> None:
    address = here.url.replace("http", "ws", 1)
    with pytest.raises(InvalidStatus):
        async with connect(
            address,
            origin="https://elsewhere.example",  # type: ignore[arg-type]
            subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
            proxy=None,
        ):
            pass


async def test_a_stream_ends_within_five_seconds_of_its_session(here: Api) -> None:
    mine = await wallet(here, "One")
    async with here.subscribe(here.signed_in, EVENTS, id=mine) as stream:
        assert (await stream.next())["data"]["walletEvents"]["__typename"] == "WalletSnapshot"
        assert await here.signed_in.get("mutation { signOut }") is True
        (error,) = await stream.errors()
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
        assert (await stream.message())["type"] == "complete"


async def test_a_screen_of_many_gets_the_newest_state_of_those_that_changed(here: Api) -> None:
    one, two, other = [await wallet(here, name) for name in ("One", "Two", "Other")]
    async with here.subscribe(here.admin, CHANGED, ids=[one, two]) as stream:
        assert await changed(stream) == []
        await put(here, other, 5, "a")
        await put(here, two, 100, "b")
        assert await changed(stream) == [(two, 1, 100, False)]
        await put(here, one, 7, "c")
        assert await changed(stream) == [(one, 1, 7, False)]


async def test_one_that_has_just_left_the_filter_comes_once_more(here: Api) -> None:
    mine = await wallet(here, "One")
    uuid = here.uuid(mine)
    async with here.subscribe(here.admin, CHANGED, filter={"locked": True}) as stream:
        assert await changed(stream) == []
        await set_manual_lock(here.shared.core, access.SYSTEM, uuid, "check", on=True)
        assert await changed(stream) == [(mine, 1, 0, True)]
        await set_manual_lock(here.shared.core, access.SYSTEM, uuid, "checked", on=False)
        assert await changed(stream) == [(mine, 2, 0, False)]
        await put(here, mine, 5, "outside the filter")
        await set_manual_lock(here.shared.core, access.SYSTEM, uuid, "again", on=True)
        assert await changed(stream) == [(mine, 4, 5, True)]


async def test_a_change_by_another_process_is_heard_by_notification(here: Api, database_url: str) -> None:
    mine = await wallet(here, "One")
    async with here.subscribe(here.admin, EVENTS, id=mine) as stream:
        await stream.next()
        now = str(here.clock.fixed)
        arguments = [database_url, SECRET, now, str(here.uuid(mine))]
        other = await asyncio.create_subprocess_exec(sys.executable, "-c", POST, *arguments, cwd=ROOT)
        change = (await stream.next())["data"]["walletEvents"]
        assert await other.wait() == 0
    assert change["__typename"] == "WalletChange"


async def changed(stream: Any) -> list[tuple[str, int, int, bool]]:
    payload = await stream.next()
    return [
        (w["id"], w["version"], w["balance"]["total"], w["lock"]["locked"]) for w in payload["data"]["walletsChanged"]
    ]
