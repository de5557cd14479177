"""Law 6: `verify` proves all of the store and names the first thing that breaks, whoever broke it."""

import pytest

from services.verification import Proof, prove
from tests.busy import Busy, busy_store, busy_url, busy_world
from tests.forger import forging
from tests.proof import proof_of
from tests.world import World

url, world, busy = busy_url, busy_world, busy_store


async def test_an_untouched_store_is_proved_whole_and_wallet_by_wallet(world: World, busy: Busy) -> None:
    assert await proof_of(world.database) == Proof(6, 18 + 2 + 4 + 2 + 10 + 4, None)
    assert await proof_of(world.database, busy.press) == Proof(1, 18, None)
    assert await proof_of(world.database, busy.reader) == Proof(1, 2, None)


async def test_a_word_that_the_log_does_not_know_is_named(url: str, busy: Busy) -> None:
    async with forging(url) as forger:
        await forger.execute("ALTER TABLE wallet_transactions DROP CONSTRAINT wallet_transactions_reason_check")
        await forger.execute(busy.filled(row("press", 3, "reason = 'GIFT'")))
        broken = (await prove(forger)).broken
    assert broken is not None
    assert (broken.id, broken.law) == (busy.named("txn press 3"), 5)


PRESS = "WHERE wallet_id = {press}"


def row(wallet: str, version: int, change: str) -> str:
    return f"UPDATE wallet_transactions SET {change} WHERE wallet_id = {{{wallet}}} AND version = {version}"


IN_THE_LOG = [
    (row("press", 5, "amount = -201"), "txn press 5", 6, "total was 9700 and changed by -201, which is not 9500"),
    (row("press", 5, "locked_amount = -100"), "txn press 5", 6, "locked was 300"),
    (row("mill", 2, "due_amount = 401"), "txn mill 2", 6, "due was 100 and changed by 401, which is not 500"),
    (row("press", 7, "total_after = total_after + 1"), "txn press 7", 6, "total was 9500"),
    (row("press", 8, "created_at = '2025-01-01'"), "txn press 8", 5, "the one before of 2025-02-01"),
    (row("press", 15, "actor = 'usr_1'"), "txn press 15", 6, "its hash is"),
    (row("press", 15, "reason = 'ADJUSTMENT'"), "txn press 15", 6, "its hash is"),
    (row("press", 13, "reverses = 11"), "txn press 13", 6, "its hash is"),
    (row("press", 16, "hash = sha256('x')"), "txn press 16", 6, "its hash is"),
    (row("reader", 1, "operation_home = NULL"), "txn reader 1", 6, "its hash is"),
    (row("shop", 4, "funds_locked_at = NULL"), "txn shop 4", 21, "the lock for money is on since never"),
    (row("press", 2, "manual_locked_at = created_at"), "txn press 2", 21, "the lock by hand is on since 2025-02-01"),
    (f"DELETE FROM wallet_transactions {PRESS} AND version = 4", "txn press 5", 5, "version 5 follows version 3"),
    (f"DELETE FROM wallet_transactions {PRESS} AND version = 1", "txn press 2", 5, "version 2 follows version 0"),
    (f"UPDATE transaction_texts SET text = 'NEFT 4472' {PRESS} AND version = 1", "txn press 1", 6, "its description"),
    (f"UPDATE transaction_texts SET salt = 'x' {PRESS} AND version = 15", "txn press 15", 6, "its description"),
    ("INSERT INTO transaction_texts VALUES ({press}, 10, 'x', 'y') ON CONFLICT (wallet_id, version) DO UPDATE"
     " SET text = 'x'", "txn press 10", 6, "its description"),
]  # fmt: skip
BESIDE_THE_LOG = [
    (f"DELETE FROM wallet_transactions {PRESS} AND version = 18", "wal press", 6, "its log ends with version 17"),
    ("UPDATE wallets SET total = total + 1 WHERE id = {mill}", "wal mill", 6, "total 1"),
    ("UPDATE wallets SET hash = sha256('x') WHERE id = {mill}", "wal mill", 6, "its hash, locks or time differ"),
    ("UPDATE wallets SET funds_locked_at = NULL WHERE id = {shop}", "wal shop", 6, "its hash, locks or time differ"),
    ("UPDATE wallets SET updated_at = '2025-01-01' WHERE id = {shop}", "wal shop", 6, "its hash, locks or time"),
    ("UPDATE wallets SET next_instant = NULL WHERE id = {press}", "wal press", 6, "the wallet says never"),
    (f"UPDATE operations SET last_version = 7 {PRESS} AND first_version = 5", "txn press 5", 7, "has 2 of it"),
    (f"DELETE FROM operations {PRESS} AND first_version = 1", "txn press 1", 7, "the versions none"),
    ("UPDATE operations SET home = {mill} WHERE wallet_id = {reader}", "txn reader 1", 7, "its home is missing"),
    ("UPDATE operations SET home = NULL WHERE wallet_id = {reader}", "txn reader 1", 7, "its home is missing"),
    ("UPDATE operations SET idempotency_key = 'k', input_hash = 'h' WHERE wallet_id = {reader} AND first_version = 1",
     "txn reader 1", 7, "a key of its own"),
    (f"UPDATE holds SET captured = 100 {PRESS} AND number = 4", "hld press 4", 11, "the log says CAPTURED"),
    (f"UPDATE holds SET amount = 301 {PRESS} AND number = 4", "hld press 4", 11, "301 placed"),
    (f"UPDATE holds SET status = 'EXPIRED' {PRESS} AND number = 7", "hld press 7", 11, "the log says RELEASED"),
    (f"UPDATE holds SET status = 'RELEASED' {PRESS} AND number = 9", "hld press 9", 11, "the log says EXPIRED"),
    (f"UPDATE holds SET status = 'RELEASED' {PRESS} AND number = 17", "hld press 17", 11, "the log says ACTIVE"),
    (f"UPDATE holds SET status = 'ACTIVE' {PRESS} AND number = 7", "hld press 7", 11, "it is ACTIVE"),
    (f"DELETE FROM holds {PRESS} AND number = 7", "hld press 7", 11, "it is missing"),
    ("INSERT INTO holds SELECT wallet_id, 3, 1, 0, 'RELEASED', NULL, NULL, created_at FROM holds WHERE number = 7",
     "hld press 3", 11, "the log says nothing"),
    (f"UPDATE invoices SET total = 211 {PRESS} AND count = 1", "inv press 1", 19, "the log collected 210"),
    (f"UPDATE invoices SET status = 'VOID', paid_at = NULL, voided_at = issued_at {PRESS} AND count = 1",
     "inv press 1", 19, "it is VOID"),
    ("UPDATE invoices SET status = 'PAID', voided_at = NULL, paid_at = issued_at WHERE wallet_id = {school}"
     " AND count = 1", "inv school 1", 19, "the log collected 0"),
    ("UPDATE invoices SET status = 'PAID', paid_at = issued_at WHERE wallet_id = {mill} AND count = 2",
     "inv mill 2", 19, "has 0 held and 400 due"),
    ("DELETE FROM invoices WHERE wallet_id = {school} AND count = 1", "inv school 1", 19, "it is missing"),
    ("UPDATE invoices SET hold = 2 WHERE wallet_id = {dairy} AND count = 2", "inv dairy 2", 19, "hold 2 of 400"),
    ("UPDATE holds SET invoice = 1 WHERE wallet_id = {dairy} AND number = 4", "inv dairy 1", 19, "it is not PENDING"),
    ("UPDATE invoices SET locks_at = '2025-02-02' WHERE wallet_id = {mill} AND count = 1", "wal mill", 6,
     "graces end 2025-02-02"),
    ("UPDATE invoices SET finalizes_at = '2025-05-05' WHERE wallet_id = {dairy} AND count = 2", "wal dairy", 6,
     "the clock decides something at 2025-05-05"),
    (f"UPDATE invoice_lines SET amount = amount + 1 {PRESS} AND count = 1 AND position = 1", "inv press 1", 2,
     "its total is 210, and its lines come to 211"),
    ("DELETE FROM invoice_lines WHERE wallet_id = {mill} AND count = 1", "inv mill 1", 2, "its total is 100"),
    (f"DELETE FROM billing_months {PRESS} AND month = '2025-02-01'", "inv press 1", 18, "the closed month none"),
    ("UPDATE billing_months SET month = '2025-05-01' WHERE wallet_id = {shop} AND month = '2025-03-01'", "ten shop", 18,
     "2025-05 is closed, and before it 2025-02"),
    (f"UPDATE billing_months SET invoice = NULL {PRESS} AND month = '2025-03-01'", "inv press 2", 18, "2025-03"),
    (f"UPDATE usage_events SET occurred_at = '2025-03-02' {PRESS} AND key = 'dearer'", "ten press", 18,
     "dearer occurred at 2025-03-02"),
    (f"UPDATE usage_events SET quantity = -19 {PRESS} AND key = 'fewer'", "ten press", 15, "they come to -1.000000"),
    (f"UPDATE usage_events SET occurred_at = '2025-02-04' {PRESS} AND key = 'fewer'", "ten press", 15, "elsewhere"),
    (f"UPDATE usage_events SET corrects = 'fewer', quantity = -1 {PRESS} AND key = 'late'", "ten press", 15,
     "elsewhere"),
    (f"UPDATE usage_events SET quantity = 6 {PRESS} AND key = 'dearer'", "ten press", 17, "5.000000 in 1 events"),
    (f"DELETE FROM usage_events {PRESS} AND key = 'late'", "ten press", 17, "in 2025-02"),
    (f"UPDATE usage_totals SET events = events + 1 {PRESS} AND month = '2025-03-01'", "ten press", 17, "in 2025-03"),
    (f"DELETE FROM usage_totals {PRESS} AND month = '2025-03-01'", "ten press", 17, "the total says"),
    (f"UPDATE prices SET effective_from = '2025-02-25' {PRESS} AND effective_from = '2025-02-15'", "ten press", 17, ""),
    (f"UPDATE prices SET service = 'PRINT' {PRESS} AND effective_from = '2025-02-01'", "ten press", 17, "none"),
]  # fmt: skip


@pytest.mark.parametrize(("forgery", "named", "law", "message"), [*IN_THE_LOG, *BESIDE_THE_LOG])
async def test_what_is_broken_is_named_with_its_law_and_figures(
    url: str, busy: Busy, forgery: str, named: str, law: int, message: str
) -> None:
    async with forging(url) as forger:
        assert await forger.execute(busy.filled(forgery)) not in ("UPDATE 0", "DELETE 0", "INSERT 0 0")
        broken = (await prove(forger)).broken
    assert broken is not None
    assert (broken.id, broken.law) == (busy.named(named), law), broken
    assert message in broken.message
