"""One PostgreSQL server process on a cluster folder: started, watched, stopped; traces of a killed one cleared away.

A lock on the cluster's folder is handed to the server and held by its processes alone, so whether one is still alive
is asked of the kernel, not guessed from a process number.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from server import account, folder
from server.account import Account
from server.settings import OWN_DATABASE, SetupError

START_SECONDS, STOP_SECONDS, ABORT_SECONDS, POLL_SECONDS = 120, 30, 10, 0.005
LOG_BYTES = 10_000_000
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
STALE = ("postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock")
WATCH = 'read server; read _; kill -INT "$server"'


@contextmanager
def running(cluster: Path, programs: Path, configuration: dict[str, str]) -> Iterator[None]:
    """Run the server as long as the block, and not longer even if we are killed.

    It gets a session of its own: Ctrl-C in the terminal reaches us and not it.
    """
    who, log = account.owner_of(cluster, programs), cluster.with_suffix(".log")
    command = [str(programs / "postgres"), *(f"--{name}={value}" for name, value in configuration.items())]
    with _watcher(who) as watch, _log_file(log) as output:
        log_start = log.stat().st_size
        server = _start(who, cluster, command, output)
        try:
            watch.write(f"{server.pid}\n".encode())
            _await_ready(server, cluster, log, log_start)
            yield
        finally:
            _stop(server)


def call(who: Account, cluster: Path, command: list[str], *arguments: str, text: str = "") -> None:
    """Run one of PostgreSQL's programs on a cluster to its end."""
    with folder.opened(cluster) as descriptor:
        words = [*command, "-D", who.path(cluster, descriptor), *arguments]
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        process = _spawn(who, words, pass_fds=(descriptor,), **pipes)
        _, errors = process.communicate(text.encode())
    if process.returncode != 0:
        raise cannot_start(errors.decode(errors="replace"))


def cannot_start(output: str) -> SetupError:
    """What PostgreSQL had to say about it, in one line, and the way out."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error", "could not"))]
    reason = (telling or lines or ["it ended without a word"])[-1].rpartition("] ")[2]  # less the time and its number
    return SetupError(f"the embedded PostgreSQL cannot start: {reason}; {OWN_DATABASE}")


def _spawn(who: Account, command: list[str], **options: Any) -> "subprocess.Popen[bytes]":
    try:
        words = who.command(command)
        return subprocess.Popen(words, cwd="/", env=ENVIRONMENT, **who.options(), **options)  # noqa: S603 -- our words
    except OSError as error:
        raise cannot_start(str(error)) from None


def _start(who: Account, cluster: Path, command: list[str], output: int) -> "subprocess.Popen[bytes]":
    files: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
    with folder.opened(cluster) as descriptor:  # from here on only the server's copy of it holds the lock
        _claim(cluster, descriptor)
        words = [*command, "-D", who.path(cluster, descriptor)]
        return _spawn(who, words, pass_fds=(descriptor,), start_new_session=True, **files)


@contextmanager
def _watcher(who: Account) -> Iterator[IO[bytes]]:
    """A shell that waits for us to end, however we do, and then stops the server whose number was written to it."""
    shell = _spawn(who, ["/bin/sh", "-c", WATCH], start_new_session=True, bufsize=0, stdin=subprocess.PIPE)
    assert shell.stdin is not None
    try:
        yield shell.stdin
    finally:
        shell.kill()
        shell.communicate()


@contextmanager
def _log_file(log: Path) -> Iterator[int]:
    """Open the server's log; the last one is kept beside it when it has grown large."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    descriptor = folder.open_private(log, os.O_WRONLY | os.O_APPEND)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _claim(cluster: Path, descriptor: int) -> None:
    """Lock the cluster for a new server, stopping one that outlived its program; then its traces mean nothing."""
    free = _locked_within(0, descriptor)
    for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, ABORT_SECONDS)):
        if not free:
            _signal_leftover(cluster, how)
            free = _locked_within(seconds, descriptor)
    if not free:
        raise SetupError(f"a PostgreSQL server still runs on {cluster} and does not stop: stop it by hand")
    for name in STALE:
        (cluster / name).unlink(missing_ok=True)


def _locked_within(seconds: float, descriptor: int) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)


def _signal_leftover(cluster: Path, how: signal.Signals) -> None:
    with suppress(OSError, ValueError, IndexError):
        pid = int((cluster / "postmaster.pid").read_text().splitlines()[0])
        if _is_postgres(pid):
            os.kill(pid, how)


def _is_postgres(pid: int) -> bool:
    """Guards a stranger that got a dead server's number, on systems that can tell."""
    return not Path("/proc/self").exists() or Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"


def _await_ready(server: "subprocess.Popen[bytes]", cluster: Path, log: Path, log_start: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_ready(cluster, server.pid):
        if server.poll() is not None or time.monotonic() > deadline:
            raise cannot_start(log.read_bytes()[log_start:].decode(errors="replace"))
        time.sleep(POLL_SECONDS)


def _is_ready(cluster: Path, pid: int) -> bool:
    """The eighth line of its postmaster.pid says so; pg_ctl looks there too."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Fast shutdown, then ever less polite."""
    for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, ABORT_SECONDS)):
        server.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            server.wait(seconds)
            return
    server.kill()
    server.wait()
