-- The same posting as one statement, which commits by itself: one round trip.
\set n random(0, 999)
WITH w AS (
    UPDATE wallets SET total = total + 100, version = version + 1, updated_at = now()
    WHERE id = ('01990000-0002-7000-8000-' || lpad(to_hex(:n::int), 12, '0'))::uuid
    RETURNING id, total, version
), o AS (
    INSERT INTO operations (wallet_id, id, kind, actor, idempotency_key, input_hash,
        based_on_version, first_version, last_version, created_at)
    SELECT id, uuidv7(), 'topUp', 'one statement', gen_random_uuid()::text, '\x00',
        version - 1, version, version, now() FROM w
    RETURNING wallet_id, id
)
INSERT INTO wallet_transactions (wallet_id, version, operation_id, type, reason, amount, locked_amount, due_amount,
    total_after, locked_after, due_after, actor, hash, created_at)
SELECT w.id, w.version, o.id, 'CREDIT', 'TOP_UP', 100, 0, 0, w.total, 0, 0, 'one statement', sha256('x'), now()
FROM w JOIN o ON o.wallet_id = w.id;
