"""Real processes for tests: a program that runs a data folder's database, and the command line."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import asyncpg
import psutil

ROOT = Path(__file__).parent.parent
HOLD = """
import sys, time
from pathlib import Path
from server import embedded
from server.settings import SetupError
try:
    with embedded.running(Path(sys.argv[1])) as server:
        print(server.url(), flush=True)
        while True:  # not pause(): a signal that comes just before it would be slept through
            time.sleep(0.1)
except SetupError as error:
    sys.exit(str(error))
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


@dataclass(frozen=True)
class Program:
    """A running program in a process group of its own, as a terminal would start it."""

    process: "subprocess.Popen[str]"
    url: str

    def interrupt(self) -> str:
        """Ctrl-C: to all of the group. Returns what it said last."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.communicate(timeout=60)[0].strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def start(data: Path) -> "subprocess.Popen[str]":
    """The program that runs a data folder's database until it is stopped."""
    command = [sys.executable, "-c", HOLD, str(data)]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, text=True, stdout=-1, stderr=-1)


@contextmanager
def holding(data: Path) -> Iterator[Program]:
    process = start(data)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, said(process.stderr)
        yield Program(process, url)
    finally:
        process.kill()
        process.communicate()


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for what another process does in its own time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.01)


def ask(url: str, sql: str) -> object:
    """The one value that a statement returns."""

    async def on_a_connection() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(on_a_connection())


def runs(pid: int) -> bool:
    return bool(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)


def account_of(pid: int) -> int:
    return int(psutil.Process(pid).uids().effective)


def kill_watcher_of(program: int) -> None:
    """Of the shell that would stop the database when the program is killed."""
    next(child for child in psutil.Process(program).children() if child.name() == "sh").kill()


def said(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.read().strip()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def inherited() -> dict[str, str]:
    """Of our environment what any program needs, and no setting."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def tijori(*words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """`python manage.py …` with only these settings in its environment."""
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(
        command, cwd=ROOT, env={**inherited(), **environ}, text=True, capture_output=True, check=False
    )
