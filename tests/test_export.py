"""The export: Beancount's own tool accepts it, spreadsheets find no formula in it, programs the API's names."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from beancount import loader
from beancount.core import data

from services.database import snapshot
from services.export import Excerpt
from services.export_beancount import beancount
from services.export_tables import comma_separated, json_lines
from tests.api import SECRET
from tests.busy import Busy, busy_url, busy_world, live
from tests.programs import tijori
from tests.world import World

url, world = busy_url, busy_world
ODD = [
    'say "yes"', "back\\slash", "two\nlines", "a\r\ncarriage", "tab\there", "\\n no newline", "; no comment",
    "₹ 𝒳 é \u2028", "\n" * 70 + "seventy lines down", "\x01\x1b[31m", "#tag ^link {cost} @ price", "' apostrophe",
    "=1+1", "+1", "-1", "@sum", "  =1+1", "\t=1", "\r=1", "＝1", "a=1", '"', "\\", "C:\\new", ",;|",
]  # fmt: skip


@pytest_asyncio.fixture(scope="module")
async def busy(world: World) -> Busy:
    """With all that a description may say."""
    busy = await live(world)
    for text in ODD:
        await world.top_up(busy.reader, 1, text=text)
    return busy


async def written(world: World, writer: Any, excerpt: Excerpt | None = None) -> str:
    async with snapshot(world.database):
        return "".join([text async for text in writer(world.database, excerpt or Excerpt())])


def loaded(text: str) -> list[Any]:
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    return list(entries)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def test_bean_check_accepts_the_whole_log(world: World, url: str, busy: Busy, tmp_path: Path) -> None:
    file = tmp_path / "wallets.beancount"
    own = {"DATABASE_URL": url, "TIJORI_SECRET": SECRET}
    done = tijori("export", "--format", "beancount", "--output", str(file), **own)
    assert (done.returncode, done.stdout) == (0, "")
    check = [str(Path(sys.executable).with_name("bean-check")), "--no-cache", str(file)]
    checked = subprocess.run(check, capture_output=True, text=True, check=False)  # noqa: ASYNC221 - nothing else runs
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    assert file.read_text(encoding="utf-8") == await written(world, beancount)


async def test_an_assertion_fails_for_one_minor_unit(world: World, busy: Busy) -> None:
    text = await written(world, beancount)
    for right, wrong in ((" 0.500 ~ 0 KWD", " 0.501 ~ 0 KWD"), (" -0.25 ~ 0 INR", " -0.26 ~ 0 INR")):
        assert right in text
        _, errors, _ = loader.load_string(text.replace(right, wrong))
        assert errors != []


async def test_the_books_say_what_the_wallets_say(world: World, busy: Busy) -> None:
    text = await written(world, beancount)
    entries = loaded(text)
    changes = [entry for entry in entries if isinstance(entry, data.Transaction)]
    logged = await world.sql("SELECT count(*) FROM wallet_transactions WHERE type NOT IN ('LOCK', 'UNLOCK')")
    assert len(changes) == logged[0][0]
    assert len([entry for entry in entries if isinstance(entry, data.Note)]) == 2 + 2 + 1
    days = "SELECT count(*) FROM (SELECT DISTINCT wallet_id, created_at::date FROM wallet_transactions) AS changed"
    wallets = "SELECT count(*) FROM wallets WHERE version > 0"
    asserted = 3 * ((await world.sql(days))[0][0] + (await world.sql(wallets))[0][0])
    assert len([entry for entry in entries if isinstance(entry, data.Balance)]) == asserted
    assert [(c.currency, c.meta["exponent"]) for c in entries if isinstance(c, data.Commodity)] == [
        ("INR", 2), ("JPY", 0), ("KWD", 3),
    ]  # fmt: skip
    codes = dict(await world.sql("SELECT name, code FROM tenants"))
    ends = {entry.account: str(entry.amount) for entry in entries if isinstance(entry, data.Balance)}
    assert ends[f"Assets:Receivables:{codes['Mill']}"] == "0.500 KWD"
    assert ends[f"Assets:Receivables:{codes['Shop']}"] == "100 JPY"
    assert ends["Liabilities:Wallets:MSP:Held"] == "-0.25 INR"


async def test_transfers_clear_and_charges_are_income(world: World, busy: Busy) -> None:
    sums: dict[tuple[str, str], Any] = {}
    for entry in loaded(await written(world, beancount)):
        for posting in entry.postings if isinstance(entry, data.Transaction) else ():
            assert posting.units is not None
            key = (posting.account, posting.units.currency)
            sums[key] = sums.get(key, 0) + posting.units.number
    billed = "SELECT currency, sum(i.total) FROM invoices i JOIN wallets w ON w.id = i.wallet_id WHERE status IN"
    for currency, total in await world.sql(f"{billed} ('PAID', 'DUE') GROUP BY 1"):
        assert sums["Income:Charges", currency] == -total.scaleb(-{"INR": 2, "JPY": 0, "KWD": 3}[currency])
    assert sums["Equity:Transfers", "INR"] == sums["Equity:Adjustments", "INR"] == 0
    assert str(sums["Income:Captures", "INR"]) == "-2.00"


async def test_descriptions_come_back_from_the_books_as_they_were(world: World, busy: Busy) -> None:
    entries = loaded(await written(world, beancount, Excerpt(busy.reader)))
    narrations = [entry.narration for entry in entries if isinstance(entry, data.Transaction)]
    assert narrations[2:] == [t.description for t in (await world.log(busy.reader))[2:]] == ODD


STRETCHES = [
    ("2025-02-01", None), ("2025-02-20", None), ("2025-02-21", "2025-03-01"), ("2025-03-01", "2025-03-02"),
    ("2025-03-15", "2025-04-01"), (None, "2025-03-01"), ("2025-04-01", "2025-04-02"), ("2026-01-01", None),
    ("2024-01-01", "2025-01-01"), (None, "2024-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(("since", "until"), STRETCHES)
async def test_books_that_begin_and_end_in_between_hold_too(
    world: World, busy: Busy, since: str | None, until: str | None
) -> None:
    excerpt = Excerpt(None, day(since) if since else None, day(until) if until else None)
    entries = loaded(await written(world, beancount, excerpt))
    kept = [e for e in entries if isinstance(e, data.Transaction) and e.narration != "Opening balances"]
    assert all((not since or str(e.date) >= since) and (not until or str(e.date) < until) for e in kept)
    for wallet_id in (busy.press, busy.mill):
        loaded(await written(world, beancount, Excerpt(wallet_id, excerpt.since, excerpt.until)))


async def test_no_cell_of_the_csv_is_a_formula_and_numbers_stay_numbers(world: World, busy: Busy) -> None:
    text = await written(world, comma_separated)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    cells = [cell for row in rows for name, cell in row.items() if not name.endswith("Minor")]
    assert [cell for cell in cells if cell.lstrip(" ")[:1] in tuple("=+-@\t\r\n＝＋－＠") and cell.lstrip(" ")] == []
    by_id = {row["id"]: row for row in rows}
    for t in await world.log(busy.press):
        row = by_id[f"txn_{busy.press.hex}_{t.after.version}"]
        assert (int(row["amountMinor"]), int(row["balanceAfterMinor"])) == (t.amount, t.after.total)
        assert row["description"].removeprefix("'") == t.description
    assert {row["owner"] for row in rows} >= {"'=School()", 'Mohan "Sai"\\ Publications'}


async def test_json_lines_have_the_names_of_the_api_and_the_whole_log(world: World, busy: Busy) -> None:
    rows = [json.loads(line) for line in (await written(world, json_lines)).split("\n") if line]
    mine = [row for row in rows if row["walletId"] == f"wal_{busy.reader.hex}"]
    assert [row["version"] for row in mine] == list(range(1, 3 + len(ODD)))
    assert [row["description"] for row in mine[2:]] == ODD
    there = next(row for row in rows if row["counterpartyId"] == mine[0]["walletId"])
    assert mine[0]["operationId"] == there["operationId"]
    assert (mine[0]["amountMinor"], there["amountMinor"]) == (500, -500)
    assert mine[1]["reversesId"] == mine[0]["id"]
    assert all(row["createdAt"].endswith("Z") for row in rows)
