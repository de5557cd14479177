"""Files of top-ups are read exactly; what was paid is not paid twice, whoever sends it again, whatever breaks."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.bulk_batch import Batch, Stage
from dashboard.bulk_csv import rest, results
from dashboard.bulk_lines import MOST_LINES, FileError, State, batch_name, decode, next_name, read_lines
from dashboard.bulk_shelf import MOST, MOST_OF_ONE, Shelf, ShelfError
from dashboard.client import Api, Backend
from dashboard.format import Manner
from tests.api import Client, api
from tests.browser.gate import Gate

HERE, LONG_AGO = Manner(lakh=True), datetime(2020, 1, 1, tzinfo=UTC)
NEW_TENANT = """mutation ($input: CreateTenantInput!) {
  createTenant(input: $input) { ... on TenantPayload { tenant { wallet { id } } } } }"""
TOTALS = "query ($references: [String!]!) { walletsOf(references: $references) { balance { total } version } }"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("t_001,500", [(1, "t_001", "500", "", "")]),
        ("\n t_001 ; 1.50 ; October \n\n", [(2, "t_001", "1.50", "October", "")]),
        ('Phone,Amount,Note\r\n+91 987 65,"1,234.50","a, b"\r\n', [(2, "+91 987 65", "1,234.50", "a, b", "")]),
        ("currency\tamount\texternalId\nusd\t5\tt_001", [(2, "t_001", "5", "", "USD")]),
        ("Wallet ID,phone,amount\n,'+9198,5\nwal_1,,6", [(2, "+9198", "5", "", ""), (3, "wal_1", "6", "", "")]),
        ('"t\n1",5\nt2,6', [(1, "t\n1", "5", "", ""), (3, "t2", "6", "", "")]),
    ],
)
def test_a_file_is_read_as_people_write_them(text: str, read: list[tuple[object, ...]]) -> None:
    assert [(one.number, one.reference, one.typed, one.description, one.code) for one in read_lines(text)] == read


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "There is nothing in it"),
        ("wallet,amount\n", "nothing under it"),
        ("amount,note\n5,x", "none of them is “wallet”"),
        ("phone,note\n+91,x", "none of them is “amount”"),
        ('t_001,"5\nt_002,6', "no CSV"),
        ("t_001,5\n" * (MOST_LINES + 1), "more than 5,000 lines"),
    ],
)
def test_what_is_no_file_of_top_ups_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(FileError, match=why):
        read_lines(text)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",5,", "names no wallet"),
        ("t_001,,x", "no amount"),
        ("t_001,1,234.50", "comma too many"),
        ("t_001,12,345", "comma too many"),
        ("t_001,5,a,b", "comma too many"),
        (f"t_001,5,{'x' * 501}", "501 characters"),
    ],
)
def test_a_line_that_cannot_be_meant_is_a_mistake(row: str, why: str) -> None:
    (line,) = read_lines(row)
    assert line.state is State.MISTAKE
    assert why in line.words


def test_text_is_read_as_spreadsheets_save_it() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert decode("é,5".encode(encoding)) == "é,5"
    with pytest.raises(FileError, match="no text"):
        decode(b"PK\x03\x04\x00\x00")


def test_the_same_lines_have_one_name_however_they_are_saved() -> None:
    name = batch_name(read_lines("t_001,5\nt_002,6"))
    assert batch_name(read_lines("wallet;amount\r\nt_002;6\r\nt_001;5\r\n")) == name
    assert batch_name(read_lines("t_001,5\nt_002,7")) != name
    assert [next_name(name), next_name(next_name(name))] == [f"{name}-2", f"{name}-3"]


def test_a_process_keeps_so_many_batches_of_one_person_and_none_for_others() -> None:
    shelf, batches = Shelf(), [Batch(read_lines(f"t_001,{number}")) for number in range(1, MOST_OF_ONE + 2)]
    for batch in batches:
        shelf.keep("asha", batch)
    assert [shelf.of("asha", batch.name) for batch in batches] == [None, *batches[1:]]
    assert shelf.of("ravi", batches[1].name) is None


def test_a_batch_under_way_makes_no_room_and_stays_the_same() -> None:
    shelf, batches = Shelf(), [Batch(read_lines(f"t_001,{number}")) for number in range(1, MOST + 1)]
    for number, batch in enumerate(batches):
        shelf.keep(f"person {number}", batch)
        batch.stage = Stage.RUNNING
    assert shelf.keep("person 0", Batch(read_lines("t_001,1"))) is batches[0]
    with pytest.raises(ShelfError):
        shelf.rename("person 0", batches[0], "OTHER")
    with pytest.raises(ShelfError):
        shelf.keep("one more", Batch(read_lines("t_001,99")))
    assert len(shelf.kept) == MOST


@asynccontextmanager
async def asking(url: str, client: Client) -> AsyncIterator[Api]:
    backend = Backend(url)
    await backend.open()
    yield backend.api(client.token)
    await backend.close()


async def tenants(client: Client, count: int, **more: object) -> list[str]:
    """External ids of new ones."""
    names = [f"t_{number}" for number in range(count)]
    await asyncio.gather(*(client.get(NEW_TENANT, input={"name": name, "externalId": name, **more}) for name in names))
    return names


async def totals(client: Client, references: Sequence[str]) -> list[int]:
    return [wallet["balance"]["total"] for wallet in await client.get(TOTALS, references=references)]


def stage(batch: Batch) -> Stage:
    """As it is now."""
    return batch.stage


async def checked(batch: Batch, ask: Api) -> Batch:
    batch.check(ask, LONG_AGO, HERE)
    assert batch.task is not None
    await batch.task
    return batch


async def run(batch: Batch, ask: Api) -> Batch:
    batch.run(ask, HERE)
    batch.run(ask, HERE)  # pressed twice
    assert batch.task is not None
    await batch.task
    return batch


async def test_a_batch_is_previewed_paid_once_and_told_line_by_line(database_url: str) -> None:
    text = "t_0,500\nt_1,1.005\nt_0,1\nnobody,5\nt_2,0\nt_1,2.50,for ink"
    async with api(database_url) as here, asking(here.url, here.admin) as ask:
        names = await tenants(here.admin, 3)
        batch = await checked(Batch(read_lines(text)), ask)
        assert stage(batch) is Stage.READY
        assert [(line.state, line.before, line.after) for line in batch.left] == [
            (State.READY, 0, 50_000),
            (State.READY, 0, 250),
        ]
        mistakes = [line.words for line in batch.lines if line.state is State.MISTAKE]
        for words, expected in zip(mistakes, ("2 decimals", "Line 1 is for", "No wallet", "nothing"), strict=True):
            assert expected in words
        assert await totals(here.admin, names) == [0, 0, 0]
        await run(batch, ask)
        assert stage(batch) is Stage.ENDED
        assert await totals(here.admin, names) == [50_000, 250, 0]
        again = await checked(Batch(read_lines(text)), ask)
        assert (len(again.left), again.count()[State.ALREADY]) == (0, 2)
        other = await checked(Batch(read_lines("t_1,2.50,for ink\nt_0,6"), batch.name), ask)
        assert [line.state for line in other.lines] == [State.ALREADY, State.MISTAKE]
        anew = await checked(Batch([line.fresh() for line in batch.lines], next_name(batch.name)), ask)
        await run(anew, ask)
        assert await totals(here.admin, names) == [100_000, 500, 0]


async def test_a_wallet_that_closes_meanwhile_is_refused_and_stops_no_other(database_url: str) -> None:
    async with api(database_url) as here, asking(here.url, here.admin) as ask:
        names = await tenants(here.admin, 3)
        batch = await checked(Batch(read_lines("\n".join(f"{name},5" for name in names))), ask)
        closing = await here.admin.get('query { tenant(externalId: "t_1") { id } }')
        await here.admin.get("mutation ($id: ID!) { deleteTenant(id: $id) { __typename } }", id=closing["id"])
        await run(batch, ask)
        assert [line.state for line in batch.lines] == [State.DONE, State.REFUSED, State.DONE]
        assert batch.lines[1].words
        assert stage(batch) is Stage.ENDED


async def test_what_was_not_done_can_be_mended_and_sent_again(database_url: str) -> None:
    async with api(database_url) as here, asking(here.url, here.admin) as ask:
        await tenants(here.admin, 2, currency="JPY")
        batch = await run(await checked(Batch(read_lines("t_0,500\nt_1,5.5\n=1+1,7")), ask), ask)
        told = list(csv.DictReader(io.StringIO("".join(results(batch.lines)).removeprefix("\ufeff"))))
        assert [(row["result"], row["amount"], row["totalAfter"]) for row in told] == [
            ("Done", "500", "500"),
            ("Mistake", "5.5", ""),
            ("Mistake", "7", ""),
        ]
        assert told[2]["wallet"] == "'=1+1"
        again = read_lines("".join(rest(batch.lines)).removeprefix("\ufeff"))
        assert [(line.reference, line.typed, line.code) for line in again] == [("t_1", "5.5", ""), ("=1+1", "7", "")]


async def test_two_who_send_the_same_file_at_once_pay_it_once(database_url: str) -> None:
    async with api(database_url) as here, asking(here.url, here.admin) as ask:
        names = await tenants(here.admin, 12)
        text = "\n".join(f"{name},{number}" for number, name in enumerate(names, 1))
        batches = [await checked(Batch(read_lines(text)), ask) for _ in range(2)]
        await asyncio.gather(*(run(batch, ask) for batch in batches))
        assert await totals(here.admin, names) == [100 * number for number in range(1, 13)]
        done = batches[0].count() + batches[1].count()
        assert (done[State.DONE], done[State.ALREADY]) == (12, 12)


async def test_a_batch_that_the_connection_leaves_in_the_middle_is_gone_on_with(database_url: str) -> None:
    async with api(database_url) as here, Gate(int(here.url.split(":")[2].partition("/")[0])) as gate:
        names = await tenants(here.admin, 24)
        text = "\n".join(f"{name},1" for name in names)
        async with asking(f"http://127.0.0.1:{gate.port}/graphql", here.admin) as ask:
            batch = await checked(Batch(read_lines(text), patience=()), ask)

            def cut() -> None:
                if batch.count()[State.DONE] >= 6:
                    gate.shut()

            batch.changed.add(cut)
            await run(batch, ask)
            assert stage(batch) is Stage.STOPPED
            assert batch.problem is not None
            assert 0 < len(batch.left) <= 18
            batch.changed.clear()
            gate.open()
            await run(batch, ask)
            assert stage(batch) is Stage.ENDED
        assert await totals(here.admin, names) == [100] * 24


async def test_a_stopped_batch_leaves_the_rest(database_url: str) -> None:
    async with api(database_url) as here, asking(here.url, here.admin) as ask:
        names = await tenants(here.admin, 16)
        batch = await checked(Batch(read_lines("\n".join(f"{name},1" for name in names))), ask)
        batch.changed.add(lambda: batch.stop() if batch.count()[State.DONE] else None)
        await run(batch, ask)
        paid: list[Any] = [total for total in await totals(here.admin, names) if total]
        assert stage(batch) is Stage.STOPPED
        assert 0 < len(paid) < 16
        assert len(batch.left) == 16 - len(paid)
