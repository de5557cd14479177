"""PostgreSQL's own load generator, with a posting as others write it, on the product's tables."""

import re
import subprocess
from pathlib import Path

from benchmarks.measured import Measured
from benchmarks.store import Store
from server.embedded import DATABASE, ROLE, binaries

CLIENTS, THREADS = 32, 2
_DONE = re.compile(r"number of transactions actually processed: (\d+)")
_RATE = re.compile(r"tps = ([\d.]+)")
_FAILED = re.compile(r"number of failed transactions: ([1-9]\d*)")


def run(store: Store, script: str, seconds: int) -> Measured:
    """Of one script."""
    load = f"-n -M prepared -c {CLIENTS} -j {THREADS} -T {seconds}".split()
    place = ["-h", str(store.socket_folder), "-U", ROLE, DATABASE]
    command = [str(binaries() / "pgbench"), *load, "-f", str(Path(__file__).parent / script), *place]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    done, rate = _DONE.search(said), _RATE.search(said)
    if done is None or rate is None or _FAILED.search(said):
        raise RuntimeError(said)
    return Measured(int(done[1]), float(rate[1]))
