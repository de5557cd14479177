"""What several processes wrote, put in order and told to the model: each row is what the laws make of those before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain import ids
from tests import in_model_words as words
from tests.askers import Ask
from tests.asking import Heard, expected, in_these_words
from tests.model import requests
from tests.model.answers import Answer, Refused, Row
from tests.side_by_side import Both, Request

_OPERATIONS = """
SELECT coalesce(t.operation_home, t.wallet_id) AS home, t.operation_id, o.idempotency_key, t.wallet_id, t.version
FROM wallet_transactions t JOIN operations o ON o.wallet_id = t.wallet_id AND o.id = t.operation_id
ORDER BY t.wallet_id, t.version
"""


@dataclass
class Operation:
    """As it stands in the logs. One without a key, or a reason given by hand, was written for the clock."""

    id: str
    home: str
    key: str | None = None
    rows: list[Row] = field(default_factory=list)

    @property
    def time(self) -> datetime:
        return max(row.time for row in self.rows)

    @property
    def wallets(self) -> set[str]:
        return {row.wallet for row in self.rows}


async def written(both: Both) -> list[Operation]:
    """Since the two were last compared."""
    logs = {wallet: await both.world.log(wallet) for wallet in both.ids.values()}
    names, found = both.names, dict[str, Operation]()
    for home, operation, key, wallet, version in await both.world.sql(_OPERATIONS):
        if wallet in names and version > both.seen.get(names[wallet], 0):
            transaction = logs[wallet][version - 1]
            known_as = ids.make_operation(home, operation)
            one = found.setdefault(known_as, Operation(known_as, names[home]))
            one.key = one.key or key or (transaction.description if transaction.reason == "MANUAL" else None)
            one.rows.append(words.row(transaction, names))
    return list(found.values())


def in_order(operations: Sequence[Operation]) -> list[Operation]:
    """Of each wallet by version, else by time: one order for all, in which none comes before one that it saw."""
    wallets = {wallet for one in operations for wallet in one.wallets}
    queues = {wallet: _newest_first(wallet, operations) for wallet in wallets}
    found = []
    while any(queues.values()):
        next_ones = [queue[-1] for queue in queues.values() if queue]
        free = [one for one in next_ones if all(queues[wallet][-1] is one for wallet in one.wallets)]
        assert free, "two wallets disagree about what came first"
        found.append(min(free, key=lambda one: one.time))
        for wallet in found[-1].wallets:
            queues[wallet].pop()
    return found


def _newest_first(wallet: str, operations: Sequence[Operation]) -> list[Operation]:
    touching = [one for one in operations if wallet in one.wallets]
    return sorted(touching, key=lambda one: -max(row.version for row in one.rows if row.wallet == wallet))


@dataclass
class Claim:
    """That was heard and has left nothing in the log: a refusal, or the preview of a dry run."""

    ask: Ask
    heard: Heard


@dataclass
class Replay:
    """The model goes through the operations, and at each moment looks which claims would be right just then."""

    both: Both
    asks: list[Ask]
    now: datetime
    unproved: list[Claim] = field(default_factory=list)
    by_clock: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        claims = [Claim(ask, heard) for ask in self.asks for heard in ask.heard if heard.refused or ask.dry]
        self.unproved = sorted(claims, key=lambda claim: claim.heard.sent)
        self.by_key: dict[str, Ask] = {}
        for ask in self.asks:
            self.by_key.setdefault(ask.key, ask)

    def go(self, operations: Sequence[Operation], end: datetime) -> None:
        self.by_clock = {(row.wallet, row.version) for one in operations if one.key is None for row in one.rows}
        for one in operations:
            self.wait(one.time)
            self.write(one)
        self.wait(end)
        assert self.unproved == []

    def wait(self, until: datetime) -> None:
        """What the clock decides meanwhile is decided one by one."""
        while True:
            instants = [i for wallet in self.both.ledger.wallets.values() for i in wallet.instants()]
            following = min([i for i in instants if i > self.now] + [until])
            self.prove(min(following, until))
            self.now = max(self.now, min(following, until))
            self.both.ledger.catch_up(self.now)
            if following >= until:
                return self.prove(self.now)

    def prove(self, last: datetime) -> None:
        """Those that may have been decided between now and then."""
        for claim in list(self.unproved):
            if claim.heard.sent > last:
                break
            if self.is_right(claim, max(self.now, claim.heard.sent)):
                self.unproved.remove(claim)
            else:
                assert claim.heard.at >= last, claim

    def is_right(self, claim: Claim, now: datetime) -> bool:
        request = claim.ask.request
        if now > claim.heard.at:
            return False
        if self.is_answer(claim, request, now):
            return True
        earlier = self.before_the_clock(request)
        return earlier != request and self.is_answer(claim, earlier, now)

    def is_answer(self, claim: Claim, request: Request, now: datetime) -> bool:
        heard, answer = claim.heard, self.answer(request, now, dry=True)
        told = expected(answer, request.wallet, self.both.ids)
        if isinstance(answer, Refused) or heard.refused:
            return told == heard.refused
        return told[0] == heard.seen and heard.rows in (None, told[1])

    def answer(self, request: Request, now: datetime, *, dry: bool) -> Answer | Refused:
        decide: Any = getattr(requests, request.what)
        try:
            answer: Answer = decide(self.both.ledger, now, request.wallet, *request.args, **request.more, dry=dry)
        except Refused as why:
            return why
        return answer

    def write(self, one: Operation) -> None:
        """What nobody asked for the model has written by itself, for the clock; or it differs in the end."""
        if one.key is None:
            return
        ask = self.by_key[one.key]
        assert (ask.request.wallet, ask.dry) == (one.home, False), one
        answer = self.answer(self.before_the_clock(ask.request), one.time, dry=False)
        assert isinstance(answer, Answer), (ask, answer)
        assert _sorted(answer.rows) == _sorted(one.rows), ask

    def before_the_clock(self, request: Request) -> Request:
        """Law 10: `expected` is compared before the rows of the clock, which the model has written by now."""
        expected = request.more.get("expected")
        if expected is None:
            return request
        while (request.wallet, expected + 1) in self.by_clock:
            expected += 1
        return replace(request, more=request.more | {"expected": expected})


def _sorted(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.wallet, row.version))


def check_what_was_heard(both: Both, asks: Sequence[Ask], operations: Sequence[Operation]) -> None:
    """What was answered is in the log, once and equal; what was never answered so is not."""
    by_key = {one.key: one for one in operations if one.key is not None}
    assert set(Counter(one.key for one in operations if one.key is not None).values()) <= {1}
    first: set[str] = set()
    for ask in asks:
        done = [heard for heard in ask.heard if not heard.refused and not ask.dry]
        one = by_key.get(ask.key) if ask.key not in first else None
        first.add(ask.key)
        by_hand = ask.request.what == "lock_by_hand"
        assert bool(one) == bool(done) or (by_hand and ask.lost), ask
        for heard in done:
            assert one is not None
            _check(both, ask, heard, one)
        if done and not by_hand:
            assert sum(not heard.replayed for heard in done) in ((0, 1) if ask.lost else (1,)), ask


def _check(both: Both, ask: Ask, heard: Heard, one: Operation) -> None:
    assert heard.operation in (one.id, None), ask
    last = max((row for row in one.rows if row.wallet == one.home), key=lambda row: row.version)
    assert heard.seen == (last.version, last.total_after, last.locked_after, last.due_after), ask
    if heard.rows is not None:
        assert sorted(heard.rows) == sorted(in_these_words(row, both.ids) for row in one.rows), ask
