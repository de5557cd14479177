"""A checkpoint is believed whole or not at all: no line of it can be changed, added or taken away (law 6)."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.checkpoints import Head, Key, NotACheckpoint, Writer, read

KEY, NOW = Key(b"one secret"), datetime(2025, 3, 1, tzinfo=UTC)
HEADS = [Head(UUID(int=number), number, bytes([number]) * 32) for number in (1, 2, 3)]


def written(key: Key = KEY) -> list[bytes]:
    writer = Writer(key)
    return [writer.header(NOW, len(HEADS)), *map(writer.head, HEADS), writer.signature()]


def refusal(lines: list[bytes], key: Key = KEY) -> str:
    with pytest.raises(NotACheckpoint) as caught:
        list(read(lines, key))
    return str(caught.value)


def test_what_was_written_is_read() -> None:
    assert list(read(written(), KEY)) == HEADS
    assert written()[0].startswith(b'{"checkpoint":1,"time":"2025-03-01T00:00:00Z","wallets":3,"key":"')


def test_a_store_without_wallets_has_a_checkpoint_too() -> None:
    writer = Writer(KEY)
    assert list(read([writer.header(NOW, 0), writer.signature()], KEY)) == []


CHANGED = "it was changed since it was signed"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda x: [x[0], x[2], x[1], *x[3:]], CHANGED),
        (lambda x: [*x[:2], *x[3:]], CHANGED),
        (lambda x: [*x[:2], x[1], *x[2:]], CHANGED),
        (lambda x: [x[0].replace(b"03-01", b"03-02"), *x[1:]], CHANGED),
        (lambda x: [x[0], x[1].replace(b":1,", b":0,"), *x[2:]], CHANGED),
        (lambda x: [*x[:-1], x[-1].replace(x[-1][15:16], b"0" if x[-1][15:16] != b"0" else b"1", 1)], CHANGED),
        (lambda x: [*x, x[1]], CHANGED),
        (lambda x: [*x, b"\n"], CHANGED),
        (lambda x: x[:-1], "it was cut short: its last line is no signature"),
        (lambda x: x[:1], "it was cut short: its last line is no signature"),
        (lambda x: [], "line 1 is no JSON object"),
        (lambda x: [b"\x00\xff"], "line 1 is no JSON object"),
        (lambda x: [b"[]"], "line 1 is no JSON object"),
        (lambda x: [x[0], b"{}", *x[2:]], "line 2 names no wallet, version and hash"),
        (lambda x: [x[0], b"7", *x[2:]], "line 2 is no JSON object"),
        (lambda x: x[4:], "it does not begin as a checkpoint does"),
        (lambda x: [b'{"checkpoint":2}', *x[1:]], "it does not begin as a checkpoint does"),
        (lambda x: x[1:], "line 1 has no time"),
    ],
)  # fmt: skip
def test_what_was_changed_or_cut_is_refused_with_the_reason(change: object, why: str) -> None:
    assert callable(change)
    assert refusal(change(written())) == why


def test_another_secret_is_told_from_a_change() -> None:
    assert refusal(written(), Key(b"another")) == "it was signed with another TIJORI_SECRET than this program has"


def test_a_head_signed_by_itself_is_of_its_time_alone() -> None:
    head = HEADS[0]
    line = '{"walletId":"wal_%s","version":1,"hash":"%s","time":"%s","signature":"%s"}'
    values = head.wallet_id.hex, head.hash.hex(), "2025-03-01T00:00:00Z", KEY.sign(head, NOW)
    assert list(read([(line % values).encode()], KEY)) == [head]
    later = values[0], values[1], "2025-03-02T00:00:00Z", values[3]
    assert refusal([(line % values).encode(), (line % later).encode()]).startswith("line 2 was changed")
    assert refusal([(line % values).encode()], Key(b"another")).startswith("line 1 was changed, or signed with another")
