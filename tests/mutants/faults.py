"""Faults that could be made in a moment of haste, each with the law it breaks and the tests that must notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """In the file, the text is replaced by the other one; then the tests must fail."""

    name: str
    law: int
    file: str
    text: str
    instead: str
    tests: str


FAULTS = [
    Fault(
        "no row lock on the wallets", 9, "services/posting_store.py",
        "w.id = ANY($1::uuid[]) ORDER BY w.id FOR NO KEY UPDATE\n", "w.id = ANY($1::uuid[]) ORDER BY w.id\n",
        "tests/test_posting_life.py",
    ),
    Fault(
        "a hold is ignored", 3, "domain/wallets.py",
        "return self.total - self.locked", "return self.total", "tests/test_holds.py",
    ),
    Fault(
        "rounding by float", 2, "domain/money.py",
        "return int(amount.quantize(_ONE, context=_ROUND))", "return round(float(amount))",
        "tests/test_ids_money.py tests/test_months.py",
    ),
    Fault(
        "a key is not unique", 9, "migrations/models/0_20261121080257_init.py",
        "CONSTRAINT operations_key UNIQUE (wallet_id, idempotency_key),", "", "tests/test_guards.py",
    ),
    Fault(
        "a key that is known is posted again", 9, "services/posting_batch.py",
        "if (known := self.known.get((wallet_id, operation.key))) is not None:", "if (known := None) is not None:",
        "tests/test_posting.py",
    ),
    Fault(
        "a dry run spends its key", 9, "services/posting_batch.py",
        "if not command.dry_run and not isinstance(command, Tick):", "if not isinstance(command, Tick):",
        "tests/test_wallets.py tests/test_holds.py",
    ),
    Fault(
        "a subscriber begins one version too late", 25, "services/feed.py",
        "RING + 1, above=version,", "RING + 1, above=version + 1,", "tests/test_feed.py",
    ),
    Fault(
        "usage is priced by the time of its arrival", 13, "domain/usage.py",
        "facts.price_at(event.service, at)", "facts.price_at(event.service, now)", "tests/test_usage.py",
    ),
    Fault(
        "settlement begins with the newest", 20, "domain/draft.py",
        "for invoice in self.invoices:", "for invoice in self.invoices[::-1]:", "tests/test_ledger.py",
    ),
    Fault(
        "settlement goes on after one that does not fit", 20, "domain/draft.py",
        "            if invoice.total > self.state.available:\n                break",
        "            if invoice.total > self.state.available:\n                continue",
        "tests/test_ledger.py tests/test_queue.py",
    ),
    Fault(
        "the lock for money is not evaluated again", 21, "domain/draft.py",
        "if was.funds_locked_at and was.due == 0:", "if False:", "tests/test_ledger.py tests/test_invoices.py",
    ),
    Fault(
        "the edge of a month lies in UTC", 18, "domain/billing.py",
        "datetime.combine(day, time(), ZoneInfo(zone))", "datetime.combine(day, time(), UTC)",
        "tests/test_months.py",
    ),
    Fault(
        "an expired hold still counts", 10, "services/posting.py",
        "caught_up = batch.catch_up()", "caught_up = True", "tests/test_holds.py tests/test_queue.py",
    ),
    Fault(
        "what the clock decided is dated when it is written", 10, "domain/instants.py",
        "draft = Draft(account, operation, instant)", "draft = Draft(account, operation, now)",
        "tests/test_holds.py tests/test_queue.py",
    ),
    Fault(
        "a reversal takes back more than is left", 8, "domain/reversals.py",
        "if asked is not None and asked > past.left:", "if False:", "tests/test_reversals.py",
    ),
    Fault(
        "earlier reversals are forgotten", 8, "services/posting_past.py",
        "r.reverses = t.version\n), 0)", "r.reverses = -t.version\n), 0)", "tests/test_reversals.py",
    ),
    Fault(
        "a charge-back collects at once what it made due", 8, "domain/reversals.py",
        "draft.relocked() if is_credit else draft.settled()", "draft.settled()",
        "tests/test_reversals.py",
    ),
    Fault(
        "a transfer out of a locked wallet", 21, "domain/decisions.py",
        "    check_spendable(draft, command.amount)\n    transfer,", "    transfer,", "tests/test_transfers.py",
    ),
    Fault(
        "the hash does not cover the one before", 6, "domain/chain.py",
        "        before,\n        description_hash,", "        GENESIS,\n        description_hash,",
        "tests/test_chain.py",
    ),
    Fault(
        "closing a month does not exclude usage", 18, "services/rating.py",
        "ORDER BY id FOR NO KEY UPDATE", "ORDER BY id", "tests/test_usage_at_once.py tests/test_billing_runs.py",
    ),
    Fault(
        "a void invoice is forgotten", 19, "services/posting_store.py",
        "rebill = n.status = 'VOID'", "rebill = false", "tests/test_invoices.py",
    ),
    Fault(
        "one tenant sees another's wallet", 23, "domain/access.py",
        "return viewer.home is None or viewer.home == wallet_id", "return True",
        "tests/test_who_asks.py tests/test_resolvers.py",
    ),
]  # fmt: skip
