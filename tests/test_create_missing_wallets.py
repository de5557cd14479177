"""`tijori create-missing-wallets`: what it says, and that each wallet is made once however often it runs or ends."""

import signal
from pathlib import Path

import asyncpg
import pytest

from tests.commands import begun, tijori
from tests.programs import holding
from tests.proof import prove
from tests.stored import Stored
from tests.walletless import started, walletless

Database = asyncpg.Connection  # of any rows
MISSING = "SELECT count(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM wallets w WHERE w.id = u.id)"
AUDITED = "SELECT count(*) FROM audit_entries WHERE action = 'createWallet' AND actor = 'system'"
PEOPLE = [f"User {n}" for n in range(40)]


async def made_once(store: "Database[asyncpg.Record]", wallets: int) -> None:
    assert await store.fetchval(MISSING) == 0
    assert await store.fetchval("SELECT count(*) FROM wallets WHERE user_id = id AND total = 0") == wallets
    assert await store.fetchval(AUDITED) == wallets
    subjects = (
        "SELECT count(*) FROM wallets w JOIN audit_entries a ON a.subject_id = 'wal_' || replace(w.id::text, '-', '')"
    )
    assert await store.fetchval(subjects) == wallets
    await prove(store)


def created(said: str) -> int:
    """Of its last line, `Created 25 wallets`."""
    word, count, what = said.splitlines()[-1].split()
    assert (word, what) == ("Created", "wallets")
    return int(count)


async def test_a_dry_run_says_what_the_card_shows_and_writes_nothing(
    store: "Database[asyncpg.Record]", database_url: str
) -> None:
    users = await walletless(store, ["John Doe", "Jane Smith", "Eve\n\x1b[31m", *PEOPLE[:22]])
    before = await Stored(store).everything()
    done = tijori("create_missing_wallets", "--dry-run", "--batch-size", "50", DATABASE_URL=database_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Starting wallet creation process...",
        "Found 25 users without wallets",
        "DRY RUN MODE - No wallets will be created",
        "",
        "Users who would get wallets:",
        "--------------------------------------------------",
        f"ID: usr_{users[0].hex}, Name: John Doe, Phone: +1234567890",
        f"ID: usr_{users[1].hex}, Name: Jane Smith, Phone: +1234567891",
        f"ID: usr_{users[2].hex}, Name: Eve\\n\\x1b[31m, Phone: +1234567892",
        *(f"ID: usr_{users[n].hex}, Name: User {n - 3}, Phone: +{1234567890 + n}" for n in range(3, 10)),
        "... and 15 more users",
    ]
    assert await Stored(store).everything() == before


async def test_it_makes_them_in_batches_and_then_finds_none_missing(
    store: "Database[asyncpg.Record]", database_url: str
) -> None:
    *_, deleted = await walletless(store, PEOPLE[:26])
    await store.execute("UPDATE users SET closed_at = created_at WHERE id = $1", deleted)
    own = {"DATABASE_URL": database_url}
    done = tijori("create-missing-wallets", "--batch-size", "10", "--currency", "JPY", **own)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Starting wallet creation process...",
        "Found 25 users without wallets",
        "Created 10 of 25 wallets",
        "Created 20 of 25 wallets",
        "Created 25 of 25 wallets",
        "Created 25 wallets",
    ]
    assert await store.fetchval("SELECT bool_and(currency = 'JPY' AND currency_exponent = 0) FROM wallets")
    again = tijori("create-missing-wallets", **own).stdout.splitlines()
    assert again[1:] == ["Found 0 users without wallets", "All users have wallets"]
    await store.execute("UPDATE users SET closed_at = NULL, phone = '+1999999999' WHERE id = $1", deleted)
    assert created(tijori("create-missing-wallets", "--currency", "JPY", **own).stdout) == 1
    await made_once(store, 26)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--batch-size", "0"), 2, "--batch-size"),
        (("--batch-size", "10001"), 2, "--batch-size"),
        (("--currency", "RUPEE"), 1, "tijori: --currency: 'RUPEE' is not a currency"),
    ],
)
def test_what_it_is_not_asked_rightly_it_refuses(words: tuple[str, ...], code: int, said: str) -> None:
    done = tijori("create-missing-wallets", *words, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == code
    assert said in done.stderr


def test_without_a_database_it_says_so_in_one_line() -> None:
    done = tijori("create-missing-wallets", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert done.stderr.startswith("tijori: cannot use the database")
    assert len(done.stderr.splitlines()) == 1


async def test_twice_at_once_they_make_together_what_was_missing(
    store: "Database[asyncpg.Record]", database_url: str
) -> None:
    users = await walletless(store, PEOPLE)
    async with store.transaction():
        await store.execute("SELECT 1 FROM users WHERE id = $1 FOR UPDATE", users[0])
        words = ("create-missing-wallets", "--batch-size")
        both = [begun(*words, size, DATABASE_URL=database_url) for size in ("3", "7")]
        await Stored(store).waiting(2)
    answers = [command.ended() for command in both]
    assert [(done.returncode, done.stderr) for done in answers] == [(0, "")] * 2
    assert sum(created(done.stdout) for done in answers) == len(users)
    await made_once(store, len(users))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.proof)])
async def test_ended_in_the_middle_and_run_again_it_goes_on(
    store: "Database[asyncpg.Record]", database_url: str, how: signal.Signals
) -> None:
    users = await walletless(store, PEOPLE)
    words = ("create-missing-wallets", "--batch-size", "10")
    async with store.transaction():
        await store.execute("SELECT 1 FROM users WHERE id = $1 FOR UPDATE", users[15])
        command = begun(*words, DATABASE_URL=database_url)
        await Stored(store).waiting(1)
        command.send_signal(how)
        if how is signal.SIGKILL:
            command.ended()
    ended = command.ended()
    done = 10 if how is signal.SIGKILL else 20
    if how is not signal.SIGKILL:
        assert ended.returncode == 130
        assert ended.stdout.splitlines()[-1] == "interrupted: 20 wallets were created; run it again for the rest"
    until_gone = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tijori'"
    )
    while await store.fetchval(until_gone):
        await store.execute("SELECT pg_sleep(0.02)")
    assert await store.fetchval("SELECT count(*) FROM wallets") == done
    assert created(tijori(*words, DATABASE_URL=database_url).stdout) == len(users) - done
    await made_once(store, len(users))


async def test_who_is_deleted_meanwhile_gets_none(store: "Database[asyncpg.Record]", database_url: str) -> None:
    users = await walletless(store, PEOPLE[:5])
    async with store.transaction():
        await store.execute("UPDATE users SET closed_at = created_at WHERE id = $1", users[2])
        command = begun("create-missing-wallets", DATABASE_URL=database_url)
        await Stored(store).waiting(1)
    assert created(command.ended().stdout) == 4
    assert await store.fetchval("SELECT count(*) FROM wallets WHERE id = $1", users[2]) == 0


@pytest.mark.proof
def test_two_on_a_new_data_folder_both_end_well(tmp_path: Path) -> None:
    words = ("create-missing-wallets", "--dry-run")
    both = [started(*words, TIJORI_DATA_DIR=str(tmp_path / "data")) for _ in range(2)]
    for process in both:
        said, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
        assert "Found 0 users without wallets" in said


@pytest.mark.proof
async def test_one_goes_on_when_another_that_ran_the_database_ends(tmp_path: Path) -> None:
    own = {"TIJORI_DATA_DIR": str(tmp_path / "data")}
    assert tijori("migrate", **own).returncode == 0
    with holding(tmp_path / "data") as program:
        store = await asyncpg.connect(program.url)
        await walletless(store, [f"User {n}" for n in range(20_000)])
        await store.close()
        program.interrupt()
    owner = started("create-missing-wallets", "--batch-size", "4000", **own)
    assert owner.stdout is not None
    for _ in range(2):
        owner.stdout.readline()
    other = started("create-missing-wallets", "--batch-size", "20", **own)
    answers = [process.communicate(timeout=120) for process in (owner, other)]
    assert [(process.returncode, errors) for process, (_, errors) in zip((owner, other), answers, strict=True)] == [
        (0, "")
    ] * 2
    with holding(tmp_path / "data") as program:
        store = await asyncpg.connect(program.url)
        await made_once(store, 20_000)
        await store.close()
