"""Requests per second of the whole program over HTTP, under load from another process: wrk where it is installed."""

import json
import secrets
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measured import Measured
from benchmarks.server import ROOT, Api, serving
from benchmarks.store import AMOUNT, OURS, WALLETS, Store

CONNECTIONS = 32
WALLET_ID = f"wal_01990000{OURS}70008000WALLET"
_TOP_UP = """mutation TopUp($input: TopUpInput!) {
    topUp(input: $input) {
        __typename
        ... on MoneyPayload {
            operationId replayed
            transactions { id version balanceAfterMinor createdAt }
            after { version balance { total locked available } lock { locked } }
        }
        ... on Refusal { message }
    }
}"""
_WALLET = """query Wallet($id: ID!) {
    wallet(id: $id) {
        id currency currencyExponent version updatedAt
        balance { total locked available }
        lock { locked reasons amountDue unlockAmount }
    }
}"""
_INPUT = {"walletId": WALLET_ID, "amountMinor": AMOUNT, "description": "Top-up", "idempotencyKey": "KEY"}


@dataclass(frozen=True)
class Load:
    """What is asked again and again: WALLET and KEY stand for what differs. A good answer has `sign` in it."""

    query: str
    variables: dict[str, object]
    sign: str
    wallets: int = WALLETS
    connections: int = CONNECTIONS

    def body(self) -> str:
        """As sent."""
        return json.dumps({"query": self.query, "variables": self.variables})


TOP_UPS = Load(_TOP_UP, {"input": _INPUT}, '"replayed":false')
WALLETS_READ = Load(_WALLET, {"id": WALLET_ID}, '"available":')


def run(api: Api, load: Load, seconds: int) -> Measured:
    """Good answers: one that is not good fails the run."""
    worked = api.processor_seconds()
    arguments = [api.token, secrets.token_hex(4), load.body(), load.sign, str(load.wallets)]
    command = _generator(api.url, load.connections, seconds, arguments)
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    told = json.loads(said.stdout.splitlines()[-1])
    if told["bad"] or not told["good"]:
        raise RuntimeError(f"not every answer was good: {said.stdout}")
    worked = api.processor_seconds() - worked
    return Measured(told["good"], told["good"] / told["seconds"], worked / told["good"] * 1e6)


def costs(store: Store, load: Load, seconds: int) -> tuple[int, list[tuple[str, float]]]:
    """How many were answered by a server of its own, and where its time went."""
    written = store.place / "costs.json"
    with serving(store, sys.executable, "-m", "benchmarks.profiled", str(written)) as api:
        warm = run(api, load, 1).answered
        api.process.send_signal(signal.SIGUSR1)
        done = run(api, load, seconds).answered
        api.process.send_signal(signal.SIGUSR2)
        while not written.exists():
            time.sleep(0.05)
    return warm + done, [(part, share) for part, share in json.loads(written.read_text())]


def generator() -> str:
    """What makes the load here."""
    return "wrk" if shutil.which("wrk") else "benchmarks/load.py"


def _generator(url: str, connections: int, seconds: int, arguments: list[str]) -> list[str]:
    if wrk := shutil.which("wrk"):
        script = str(Path(__file__).parent / "load.lua")
        return [wrk, "-t1", f"-c{connections}", f"-d{seconds}", "--timeout", "30s", "-s", script, url, "--", *arguments]
    return [sys.executable, "-m", "benchmarks.load", url, str(connections), str(seconds), *arguments]
