-- A posting as the textbook writes it: one transaction each, the wallet locked, five round trips.
\set n random(0, 999)
BEGIN;
SELECT id, total, version FROM wallets WHERE id = ('01990000-0002-7000-8000-' || lpad(to_hex(:n::int), 12, '0'))::uuid FOR UPDATE \gset
UPDATE wallets SET total = total + 100, version = version + 1, updated_at = now() WHERE id = :id::uuid;
WITH o AS (
    INSERT INTO operations (wallet_id, id, kind, actor, idempotency_key, input_hash,
        based_on_version, first_version, last_version, created_at)
    VALUES (:id::uuid, uuidv7(), 'topUp', 'textbook', gen_random_uuid()::text, '\x00',
        :version::bigint, :version::bigint + 1, :version::bigint + 1, now())
    RETURNING wallet_id, id
)
INSERT INTO wallet_transactions (wallet_id, version, operation_id, type, reason, amount, locked_amount, due_amount,
    total_after, locked_after, due_after, actor, hash, created_at)
SELECT wallet_id, :version::bigint + 1, id, 'CREDIT', 'TOP_UP', 100, 0, 0,
    :total::bigint + 100, 0, 0, 'textbook', sha256('x'), now() FROM o;
COMMIT;
