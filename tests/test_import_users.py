"""`tijori import-users`: what it says, its exit codes, and what is left where it ends in the middle."""

import signal
from pathlib import Path
from typing import cast

import asyncpg
import pytest

from server.import_users import MOST_BYTES, import_file
from server.settings import Settings
from services.identity import new_uuid
from tests.commands import begun, tijori
from tests.programs import ask, holding
from tests.proof import prove
from tests.stored import Stored
from tests.walletless import started

Database = asyncpg.Connection  # of any rows
GOOD = "phone,name\r\n+919876543210,Asha\r\n+919876543211,Ravi\r\n"
BAD = f"{GOOD}12,Short\r\n+919876543210,\x1b[31mTwin\r\n"
REPORT = [
    "line 4: phone '12' is no international number with its country code, such as +919876543210",
    "line 5: name has a line break or another control character. Leave it out.",
]
WAYS_OUT = (
    "Nothing was imported. Correct these lines and try with --dry-run first, or import the others with --skip-bad."
)
NEXT = "Run `tijori create-missing-wallets` to give them wallets"
TAKEN = """
INSERT INTO users (id, phone, name, role, created_at) VALUES ($1, '+919876543211', 'Other', 'MEMBER', '2025-01-01Z')
"""


def file(folder: Path, text: str) -> str:
    """As a spreadsheet saves it."""
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8-sig", newline="")
    return str(path)


async def test_it_imports_then_wallets_are_made_and_a_second_time_all_phones_are_taken(
    store: "Database[asyncpg.Record]", database_url: str, tmp_path: Path
) -> None:
    people, own = file(tmp_path, GOOD), {"DATABASE_URL": database_url}
    before = await Stored(store).everything()
    dry = tijori("import_users", people, "--dry-run", **own)
    assert (dry.returncode, dry.stderr) == (0, "")
    assert dry.stdout.splitlines()[-2:] == ["Found 2 users in people.csv", "DRY RUN MODE - No users will be created"]
    assert await Stored(store).everything() == before
    done = tijori("import-users", people, **own)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["Checked 3 of 3 lines", "Imported 2 of 2 lines", "Imported 2 users", NEXT]
    assert tijori("create-missing-wallets", **own).stdout.splitlines()[-1] == "Created 2 wallets"
    after = await Stored(store).everything()
    again = tijori("import-users", people, **own)
    assert again.returncode == 1
    taken = [f"line {n}: phone +91987654321{n - 2} belongs to another user" for n in (2, 3)]
    assert again.stderr.splitlines() == [*taken, WAYS_OUT]
    assert await Stored(store).everything() == after
    await prove(store)


async def test_bad_lines_stop_all_or_are_left_out(
    store: "Database[asyncpg.Record]", database_url: str, tmp_path: Path
) -> None:
    people, own = file(tmp_path, BAD), {"DATABASE_URL": database_url}
    before = await Stored(store).everything()
    refused = tijori("import-users", people, **own)
    assert (refused.returncode, refused.stderr.splitlines()) == (1, [*REPORT, WAYS_OUT])
    assert refused.stdout.splitlines()[-1] == "Found 2 users in people.csv, and 2 lines that cannot be imported"
    assert await Stored(store).everything() == before
    done = tijori("import-users", people, "--skip-bad", **own)
    assert (done.returncode, done.stderr.splitlines()) == (0, REPORT)
    assert done.stdout.splitlines()[-2:] == ["Imported 2 users, and left out 2 lines", NEXT]
    assert await store.fetchval("SELECT array_agg(name ORDER BY phone) FROM users") == ["Asha", "Ravi"]


async def test_another_files_columns_are_refused_and_long_reports_are_cut(database_url: str, tmp_path: Path) -> None:
    own = {"DATABASE_URL": database_url}
    refused = tijori("import-users", file(tmp_path, "phone,age\n"), **own)
    assert refused.returncode == 1
    assert refused.stderr.startswith("people.csv: unknown: 'age'; missing: name: its first line names the columns")
    assert refused.stderr.endswith("Nothing was imported.\n")
    long = tijori("import-users", file(tmp_path, "phone,name\n" + "12,Asha\n" * 130), **own)
    said = long.stderr.splitlines()
    assert (long.returncode, len(said), said[100]) == (1, 102, "... and 30 more lines")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "No such file or directory"),
        (b"phone,name\n+911,Asha\n+912,Jos\xe9\n", 'line 3 is not in UTF-8: save it as "CSV UTF-8"'),
        ("phone,name\n".encode("utf-16"), 'is in UTF-16: save it as "CSV UTF-8"'),
        (b"x" * (MOST_BYTES + 1), "is larger than 50 MB: split it, the first line on top of each part"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_exit_code_2(
    content: bytes | None, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "people.csv"
    if content is not None:
        path.write_bytes(content)
    settings = cast(Settings, None)  # never asked for: it does not come so far
    assert import_file(settings, path, skip_bad=False, dry_run=False) == 2
    assert capsys.readouterr() == ("", f"tijori: {path}: {what}\n")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
async def test_ended_in_the_middle_it_leaves_nothing_and_can_be_run_again(
    store: "Database[asyncpg.Record]", database_url: str, tmp_path: Path, how: signal.Signals
) -> None:
    people, before = file(tmp_path, GOOD), await Stored(store).everything()
    transaction = store.transaction()
    await transaction.start()
    await store.execute(TAKEN, new_uuid())
    command = begun("import-users", people, DATABASE_URL=database_url)
    await Stored(store).waiting(1)
    command.send_signal(how)
    if how is signal.SIGKILL:
        command.ended()
    await transaction.rollback()
    done = command.ended()
    assert done.returncode == (-9 if how is signal.SIGKILL else 130)
    assert how is signal.SIGKILL or done.stdout.splitlines()[-1] == "interrupted: nothing was imported"
    working = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tijori'"
    while await store.fetchval(working):
        await store.execute("SELECT pg_sleep(0.02)")
    assert await Stored(store).everything() == before
    assert tijori("import-users", people, DATABASE_URL=database_url).returncode == 0
    assert await store.fetchval("SELECT count(*) FROM users") == 2


@pytest.mark.proof
def test_it_goes_on_when_another_program_that_ran_the_database_ends(tmp_path: Path) -> None:
    people = file(tmp_path, "phone,name\n" + "".join(f"+9197{n:08d},User {n}\n" for n in range(20_000)))
    own = {"TIJORI_DATA_DIR": str(tmp_path / "data")}
    assert tijori("migrate", **own).returncode == 0
    with holding(tmp_path / "data") as owner:
        process = started("import-users", people, **own)
        assert process.stdout is not None
        while not (line := process.stdout.readline()).startswith("Imported"):
            assert line
        owner.interrupt()
        said, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    assert said.splitlines()[-2:] == ["Imported 20000 users", NEXT]
    with holding(tmp_path / "data") as owner:
        assert ask(owner.url, "SELECT count(*) FROM users") == 20_000
        assert ask(owner.url, "SELECT count(*) FROM audit_entries") == 20_001
