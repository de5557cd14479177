"""`tijori serve` as a process of its own on the run's database, and a session of its administrator."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import psutil

from benchmarks.store import ADMIN_PASSWORD, ADMIN_PHONE, Store

ROOT = Path(__file__).parent.parent
START_SECONDS, STOP_SECONDS = 30, 30
_SIGN_IN = """mutation ($phone: String!, $password: String!) {
    signIn(phone: $phone, password: $password) { ... on SignedIn { token } }
}"""


@dataclass(frozen=True)
class Api:
    """Where it is, and who asks."""

    url: str
    token: str
    process: "subprocess.Popen[bytes]"

    def processor_seconds(self) -> float:
        """That the server has worked so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)


@contextmanager
def serving(store: Store, *command: str) -> Iterator[Api]:
    """Until the block ends; by then it has written what it was asked for. `command` runs it in another way."""
    port = _free_port()
    own = {"DATABASE_URL": store.url, "TIJORI_SECRET": "a secret for the benchmark only, 48 characters long"}
    own |= {"TIJORI_PORT": str(port), "TIJORI_DATA_DIR": str(store.place / "server")}
    words = command or (sys.executable, str(ROOT / "manage.py"), "serve")
    process = subprocess.Popen(words, cwd=ROOT, env={"PATH": os.environ["PATH"], **own}, stdout=subprocess.DEVNULL)
    try:
        _wait(process, f"http://127.0.0.1:{port}/readyz")
        url = f"http://127.0.0.1:{port}/graphql"
        signed_in = _post(url, _SIGN_IN, {"phone": ADMIN_PHONE, "password": ADMIN_PASSWORD}, {})
        yield Api(url, signed_in["signIn"]["token"], process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)


def _post(url: str, query: str, variables: dict[str, object], headers: dict[str, str]) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    with urlopen(Request(url, body, {"Content-Type": "application/json", **headers})) as response:
        answer = json.load(response)
    if "errors" in answer:
        raise RuntimeError(answer["errors"])
    return answer["data"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(url, timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError("the server did not start: what it said stands above")
