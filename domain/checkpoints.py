"""Signed checkpoints: where every wallet's log ended at a moment, kept outside the store so that no cut goes unseen.

Lines of JSON: a header, a line for each wallet, and last a signature over all bytes before it. Or, as a page of the API
answers them, lines that are each signed by themselves.
"""

import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from domain import ids

FORMAT = 1


class NotACheckpoint(Exception):  # noqa: N818 - as refusals are named
    """What was given cannot be held against the store; the message says why."""


@dataclass(frozen=True, slots=True)
class Head:
    """A wallet's newest version and its hash; version 0 before the first."""

    wallet_id: UUID
    version: int
    hash: bytes

    @property
    def facts(self) -> dict[str, object]:
        """As its line says it."""
        return {"walletId": ids.make("wal", self.wallet_id), "version": self.version, "hash": self.hash.hex()}


class Key:
    """What signs: made of the program's secret, and good for nothing else."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"tijori checkpoint", sha256)
        self.name = hmac.digest(self._key, b"name", sha256)[:8].hex()
        """Tells two secrets apart and says nothing of either."""

    def signing(self) -> hmac.HMAC:
        """Takes lines, one after the other."""
        return hmac.new(self._key, digestmod=sha256)

    def sign(self, head: Head, time: datetime) -> str:
        """A head by itself, as it was at a time."""
        return hmac.digest(self._key, _line({"head": head.facts, "time": _text(time)}), sha256).hex()


class Writer:
    """Makes the lines of a checkpoint, in their order."""

    def __init__(self, key: Key) -> None:
        self._key, self._signing = key, key.signing()

    def header(self, time: datetime, wallets: int) -> bytes:
        """First."""
        return self._signed({"checkpoint": FORMAT, "time": _text(time), "wallets": wallets, "key": self._key.name})

    def head(self, head: Head) -> bytes:
        """For each wallet."""
        return self._signed(head.facts)

    def signature(self) -> bytes:
        """Last."""
        return _line({"signature": self._signing.hexdigest()})

    def _signed(self, facts: dict[str, object]) -> bytes:
        line = _line(facts)
        self._signing.update(line)
        return line


def read(lines: Iterable[bytes], key: Key) -> Iterator[Head]:
    """The heads in a checkpoint. Only when it has ended without NotACheckpoint may they be believed."""
    numbered = enumerate(lines, 1)
    _, first = next(numbered, (0, b""))
    header = _facts(first, 1)
    if "walletId" in header:
        yield from _each_signed(first, numbered, key)
        return
    if header.get("checkpoint") != FORMAT:
        raise NotACheckpoint("it does not begin as a checkpoint does")
    if header.get("key") != key.name:
        raise NotACheckpoint("it was signed with another TIJORI_SECRET than this program has")
    signing = key.signing()
    signing.update(first)
    for number, line in numbered:
        facts = _facts(line, number)
        if "signature" in facts:
            if not hmac.compare_digest(str(facts["signature"]), signing.hexdigest()) or next(numbered, None):
                raise NotACheckpoint("it was changed since it was signed")
            return
        signing.update(line)
        yield _head(facts, number)
    raise NotACheckpoint("it was cut short: its last line is no signature")


def _each_signed(first: bytes, following: Iterable[tuple[int, bytes]], key: Key) -> Iterator[Head]:
    for number, line in [(1, first), *following]:
        facts = _facts(line, number)
        head = _head(facts, number)
        try:
            expected = key.sign(head, datetime.fromisoformat(str(facts.get("time"))))
        except ValueError:
            raise NotACheckpoint(f"line {number} has no time") from None
        if not hmac.compare_digest(str(facts.get("signature")), expected):
            raise NotACheckpoint(f"line {number} was changed, or signed with another TIJORI_SECRET")
        yield head


def _facts(line: bytes, number: int) -> dict[str, Any]:
    try:
        facts = json.loads(line)
    except ValueError:
        facts = None
    if not isinstance(facts, dict):
        raise NotACheckpoint(f"line {number} is no JSON object")
    return facts


def _head(facts: dict[str, Any], number: int) -> Head:
    wallet_id, version = ids.read("wal", str(facts.get("walletId"))), facts.get("version")
    try:
        head_hash = bytes.fromhex(str(facts.get("hash")))
    except ValueError:
        head_hash = b""
    if wallet_id is None or type(version) is not int or len(head_hash) != sha256().digest_size:
        raise NotACheckpoint(f"line {number} names no wallet, version and hash")
    return Head(wallet_id, version, head_hash)


def _line(facts: dict[str, object]) -> bytes:
    return json.dumps(facts, separators=(",", ":")).encode() + b"\n"


def _text(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")
