"""`tijori verify`, `tijori checkpoint`: what they say, and exit codes that a script can trust."""

from pathlib import Path
from uuid import UUID

import pytest

from tests.api import SECRET
from tests.busy import live
from tests.forger import hash_again
from tests.programs import tijori
from tests.world import World, opened_world

world = opened_world


async def cut(world: World, wallet_id: UUID, last: int) -> None:
    """By the tables' owner, who may turn the trigger off."""
    await world.database.execute("ALTER TABLE wallet_transactions DISABLE TRIGGER wallet_transactions_append_only")
    for table, column in (("wallet_transactions", "version"), ("operations", "first_version")):
        await world.database.execute(f"DELETE FROM {table} WHERE wallet_id = $1 AND {column} > $2", wallet_id, last)
    await hash_again(world.database, wallet_id)


@pytest.mark.proof
async def test_a_store_is_proved_held_against_its_checkpoint_and_its_cut_seen(world: World, tmp_path: Path) -> None:
    own = {"DATABASE_URL": world.url, "TIJORI_SECRET": SECRET}
    busy = await live(world)
    await world.top_up(busy.reader, 1)
    kept = tmp_path / "kept.jsonl"
    taken = tijori("checkpoint", "--output", str(kept), **own)
    assert (taken.returncode, taken.stdout, kept.stat().st_mode & 0o777) == (0, "", 0o600)
    proved = tijori("verify", "--since", str(kept), **own)
    assert proved.stdout.startswith("proved: 6 wallets with 41 transactions in ")
    assert (proved.returncode, proved.stdout.strip()[-10:]) == (0, "kept.jsonl")
    await cut(world, busy.reader, 2)
    assert tijori("verify", **own).returncode == 0
    broken = tijori("verify", "--since", str(kept), **own)
    why = "the checkpoint has it; the log was cut and ends with version 2"
    assert (broken.returncode, broken.stdout) == (1, f"BROKEN  txn_{busy.reader.hex}_3  law 6: {why}\n")
    other = tijori("verify", "--since", str(kept), **own | {"TIJORI_SECRET": "x" * 32})
    assert other.returncode == 2
    assert "it was signed with another TIJORI_SECRET" in other.stderr


@pytest.mark.proof
def test_where_nothing_can_be_said_the_exit_code_is_2(tmp_path: Path) -> None:
    data = {"TIJORI_DATA_DIR": str(tmp_path / "data")}
    for words, environ, why in (
        ((), {"DATABASE_URL": "postgresql://no@localhost:1/none", "TIJORI_SECRET": SECRET}, "cannot use the database"),
        ((), {"TIJORI_PORT": "none"}, "TIJORI_PORT"),
        (("--since", str(tmp_path / "none")), data, "No such file"),
        ((), data, "run `tijori migrate` first"),
    ):  # fmt: skip
        done = tijori("verify", *words, **environ)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("tijori: nothing is proved: ")
        assert why in done.stderr


@pytest.mark.proof
def test_a_checkpoint_that_cannot_be_taken_leaves_an_older_file_as_it_was(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    kept.write_text("older")
    done = tijori("checkpoint", "--output", str(kept), TIJORI_DATA_DIR=str(tmp_path / "data"))
    assert (done.returncode, kept.read_text()) == (1, "older")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["kept.jsonl"]
