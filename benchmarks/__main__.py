"""`make bench`: all measures in interleaved rounds on one database, their medians, and what the textbook gets."""

import argparse
import os
import platform
import sys
from collections import Counter
from statistics import median

from benchmarks import big_log, billing, over_http, pgbench, postings, server, store, usage, usage_batches, verify
from benchmarks.measured import Measured
from benchmarks.store import ADMIN, Store
from benchmarks.usage import Usage
from domain import ids

ADMINS = ids.make("usr", ADMIN)
TEXTBOOK = "(d) pgbench: the textbook transaction, 32 clients"
USED = {
    usage.TENANTS: ("(e) recordUsage over HTTP, events of 50 tenants", "(f) the same rows by hand, of 50 tenants"),
    1: ("(e) recordUsage over HTTP, events of one tenant", "(f) the same rows by hand, of one tenant"),
}
BY_HAND = dict(USED.values())


class Rounds:
    """What was measured, and how much of it must be found in the log."""

    def __init__(self) -> None:
        self._measured: dict[str, list[Measured]] = {}
        self._answered: Counter[str] = Counter()
        self._unanswered: Counter[str] = Counter()

    def took(self, name: str, measured: Measured) -> None:
        """One measurement more."""
        self._measured.setdefault(name, []).append(measured)
        print(f"    {name:<52} {measured.per_second:>8,.0f}/s", flush=True)

    def wrote(self, actor: str, answered: int, unanswered: int = 0) -> None:
        """Answered top-ups, and how many more may have been written for connections that closed before the answer."""
        self._answered[actor] += answered
        self._unanswered[actor] += unanswered

    def expected(self) -> dict[str, range]:
        """Rows of the log, per actor."""
        return {actor: range(n, n + self._unanswered[actor] + 1) for actor, n in self._answered.items()}

    def summary(self) -> list[str]:
        """A line for each measure: median, spread, and what it is of its limit's."""
        return [self._line(name, measured) for name, measured in sorted(self._measured.items())]

    def _line(self, name: str, measured: list[Measured]) -> str:
        rates = [one.per_second for one in measured]
        spread = f"({min(rates):,.0f}–{max(rates):,.0f})"
        limit, called = (BY_HAND[name], "by hand") if name in BY_HAND else (TEXTBOOK, "textbook")
        ratio = median(rates) / median(one.per_second for one in self._measured[limit])
        share = f"{ratio:>5.2f} × {called}" if name not in BY_HAND.values() else ""
        worked = [one.micros_of_processor for one in measured if one.micros_of_processor is not None]
        each = f"  {median(worked):>4.0f} µs of our process" if worked else ""
        return f"{name:<52} {median(rates):>8,.0f}/s  {spread:<17} {share}{each}".rstrip()


def main() -> int:
    """Zero where no money was lost."""
    options = _options()
    if options.big:
        return big_log.main(options.rows, options.rounds, options.seconds)
    if options.billing:
        return billing.main(options.tenants, profile=options.profile)
    if options.verify:
        return verify.main()
    if options.batches:
        return usage_batches.main(options.rounds, options.seconds)
    rounds = Rounds()
    print(_machine(options), flush=True)
    with store.running() as where:
        used = Usage(where)
        with server.serving(where) as api:
            for number in range(1, options.rounds + 1):
                print(f"round {number} of {options.rounds}", flush=True)
                _round(rounds, where, api, options.seconds)
                _use(rounds, used, api, options.seconds)
        told = _profiled(rounds, used, where, options.seconds) if options.profile else []
        wrong = store.mistakes(where, rounds.expected()) + used.mistakes()
    fine = ["every answered top-up is in the log, every answered usage event in its month's total"]
    print("\n".join(["", *rounds.summary(), *told, "", *(wrong or fine)]))
    return 1 if wrong else 0


def _round(rounds: Rounds, where: Store, api: server.Api, seconds: int) -> None:
    measured = over_http.run(api, over_http.TOP_UPS, seconds)
    rounds.wrote(ADMINS, measured.answered, over_http.CONNECTIONS)
    rounds.took(f"(a) topUp over HTTP, {over_http.CONNECTIONS} connections", measured)
    measured = over_http.run(api, over_http.WALLETS_READ, seconds)
    rounds.took(f"(b) wallet over HTTP, {over_http.CONNECTIONS} connections", measured)
    for callers in (32, 256):
        measured = postings.run(where, callers, seconds)
        rounds.wrote(postings.ACTOR, measured.answered)
        rounds.took(f"(c) services/posting.py alone, {callers:>3} callers", measured)
    for name, actor, script in (
        (TEXTBOOK, "textbook", "textbook.sql"),
        ("(d) pgbench: the same in one statement, 32 clients", "one statement", "one_statement.sql"),
    ):
        measured = pgbench.run(where, script, seconds)
        rounds.wrote(actor, measured.answered)
        rounds.took(name, measured)


def _use(rounds: Rounds, used: Usage, api: server.Api, seconds: int) -> None:
    for tenants, (ours, by_hand) in USED.items():
        rounds.took(ours, used.over_http(api, tenants, seconds))
        rounds.took(by_hand, used.by_hand(tenants, seconds))


def _profiled(rounds: Rounds, used: Usage, where: Store, seconds: int) -> list[str]:
    """The largest costs of (c), (a) and (e); measuring them costs too, so these runs count in no rate."""
    answered, of_postings = postings.costs(where, 256, seconds)
    rounds.wrote(postings.ACTOR, answered)
    answered, of_top_ups = over_http.costs(where, over_http.TOP_UPS, seconds)
    rounds.wrote(ADMINS, answered, 2 * over_http.CONNECTIONS)
    return [
        *_largest("where the time of (c) goes, 256 callers:", of_postings),
        *_largest("where the time of (a)'s server goes:", of_top_ups),
        *_largest("where the time of (e)'s server goes:", used.costs(seconds)),
    ]


def _largest(title: str, shares: list[tuple[str, float]]) -> list[str]:
    return ["", title, *[f"    {share:>4.0%}  {part}" for part, share in shares[:8]]]


def _machine(options: argparse.Namespace) -> str:
    return (
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, Python {platform.python_version()}; "
        f"every answer durable (fsync, synchronous_commit on); {store.WALLETS:,} wallets; "
        f"load by {over_http.generator()}; {options.rounds} rounds of {options.seconds} s each"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of each measurement")
    parser.add_argument("--profile", action="store_true", help="also show where the time goes")
    parser.add_argument(
        "--big", action="store_true", help="measure beside long logs instead: ten minutes, 10 GB of disk"
    )
    parser.add_argument("--batches", action="store_true", help="measure usage in batches of 10,000 events instead")
    parser.add_argument("--verify", action="store_true", help="measure `tijori verify` over a million rows instead")
    parser.add_argument(
        "--billing", action="store_true", help="measure a billing run over many tenants instead: some minutes"
    )
    parser.add_argument("--tenants", type=int, default=billing.TENANTS, help="of the billing run")
    parser.add_argument("--rows", type=int, default=5_000_000, help="of a long log")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
