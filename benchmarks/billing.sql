-- A month closed by hand: the rows that a billing run writes, for tenants without holds, graces, tiers or late usage.
-- $RUN is the run's id.
INSERT INTO billing_runs (id, month, actor, tenants, done, locked, started_at, finished_at)
SELECT '$RUN', '2025-02-01', 'system', count(*), count(*), 0, clock_timestamp(), clock_timestamp() FROM tenants;

CREATE TEMP TABLE lines AS
SELECT u.wallet_id, row_number() OVER (PARTITION BY u.wallet_id ORDER BY u.service) AS position, u.service, u.month,
    u.quantity, p.unit_price, p.id AS price_id, round(u.quantity * p.unit_price)::bigint AS amount
FROM usage_totals u JOIN prices p ON p.wallet_id = u.wallet_id AND p.id = u.price_id
WHERE u.month = '2025-02-01' AND u.quantity <> u.billed_quantity;

CREATE TEMP TABLE bills AS
SELECT w.id AS wallet_id, gen_random_uuid() AS operation_id, b.total, w.total >= b.total AS paid, w.total AS held,
    w.version, w.hash, clock_timestamp() AS at, uuid_send(gen_random_uuid()) AS salt
FROM (SELECT wallet_id, sum(amount)::bigint AS total FROM lines GROUP BY 1) b JOIN wallets w ON w.id = b.wallet_id;

CREATE TEMP TABLE logged AS
SELECT wallet_id, version + 1 AS version, operation_id, CASE WHEN paid THEN 'DEBIT' ELSE 'DUE' END AS type,
    'INVOICE' AS reason, CASE WHEN paid THEN -total ELSE 0 END AS amount, CASE WHEN paid THEN 0 ELSE total END AS due,
    CASE WHEN paid THEN held - total ELSE held END AS total_after, CASE WHEN paid THEN 0 ELSE total END AS due_after,
    NULL::timestamptz AS funds_locked_at, 1::bigint AS invoice,
    sha256(salt || convert_to('Monthly charge 2025-02', 'UTF8')) AS described, salt,
    sha256(hash || convert_to(concat_ws('|', wallet_id, version + 1, operation_id, paid, total, held, at), 'UTF8')) AS hash, at
FROM bills;

INSERT INTO logged
SELECT b.wallet_id, b.version + 2, b.operation_id, 'LOCK', 'INSUFFICIENT_FUNDS', 0, 0, b.held, b.total, b.at, NULL, NULL,
    NULL, sha256(l.hash || convert_to(concat_ws('|', b.wallet_id, b.version + 2, b.operation_id, b.at), 'UTF8')), b.at
FROM bills b JOIN logged l ON l.wallet_id = b.wallet_id WHERE NOT b.paid;

UPDATE wallets SET total = l.total_after, due = l.due_after, version = l.version, hash = l.hash,
    funds_locked_at = l.funds_locked_at, updated_at = l.at
FROM (SELECT DISTINCT ON (wallet_id) * FROM logged ORDER BY wallet_id, version DESC) l WHERE wallets.id = l.wallet_id;

INSERT INTO operations (wallet_id, id, kind, actor, based_on_version, first_version, last_version, created_at)
SELECT wallet_id, operation_id, 'runBilling', 'system', version, version + 1, version + CASE WHEN paid THEN 1 ELSE 2 END, at
FROM bills;

INSERT INTO wallet_transactions (wallet_id, version, operation_id, type, reason, amount, locked_amount, due_amount,
    total_after, locked_after, due_after, funds_locked_at, actor, invoice, description_hash, hash, created_at)
SELECT wallet_id, version, operation_id, type, reason, amount, 0, due, total_after, 0, due_after, funds_locked_at,
    'system', invoice, described, hash, at
FROM logged;

INSERT INTO transaction_texts (wallet_id, version, text, salt)
SELECT wallet_id, version, 'Monthly charge 2025-02', salt FROM logged WHERE salt IS NOT NULL;

INSERT INTO invoices (wallet_id, count, month, status, total, issued_at, locks_at, paid_at)
SELECT wallet_id, 1, '2025-02-01', CASE WHEN paid THEN 'PAID' ELSE 'DUE' END, total, at, CASE WHEN NOT paid THEN at END,
    CASE WHEN paid THEN at END
FROM bills;

INSERT INTO invoice_lines (wallet_id, count, position, kind, service, month, quantity, unit_price, starts_at, ends_at,
    amount, price_id)
SELECT wallet_id, 1, position, 'USAGE', service, month, quantity, unit_price, '2025-02-01Z', '2025-03-01Z', amount, price_id
FROM lines;

INSERT INTO billing_months (wallet_id, month, starts_at, ends_at, run_id, invoice, closed_at)
SELECT wallet_id, '2025-02-01', '2025-02-01Z', '2025-03-01Z', '$RUN', 1, at FROM bills;

UPDATE usage_totals SET billed_quantity = quantity WHERE month = '2025-02-01' AND quantity <> billed_quantity;

UPDATE tenants SET bills_at = '2025-04-01 01:00Z';

INSERT INTO billing_run_amounts (run_id, currency, invoices, billed, collected)
SELECT '$RUN', 'INR', count(*), sum(total), coalesce(sum(total) FILTER (WHERE paid), 0) FROM bills;
