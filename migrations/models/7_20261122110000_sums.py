"""Sums that are kept beside what they are of, so that no page adds up a whole history; and operations by time."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- Explaining a balance ----------------------------------------------------------------------------
        -- What a log's first `version` lines come to, by type and reason; written by who first reads that far.
        CREATE TABLE log_sums (
            wallet_id uuid NOT NULL REFERENCES wallets,
            version bigint NOT NULL,
            type text NOT NULL,
            reason text NOT NULL,
            transactions bigint NOT NULL CHECK (transactions > 0),
            amount numeric NOT NULL,
            locked_amount numeric NOT NULL,
            due_amount numeric NOT NULL,
            PRIMARY KEY (wallet_id, version, type, reason)
        );
        CREATE TRIGGER log_sums_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_sums
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

        -- Billed months -----------------------------------------------------------------------------------
        -- Signed changes, added by triggers and put together by a round: a row that is counted up would make all that
        -- bill, collect and void wait for one another. CLOSED counts tenants, the others invoices and their totals.
        CREATE TABLE month_changes (
            month date NOT NULL,
            currency text NOT NULL,
            what text NOT NULL CHECK (what IN ('CLOSED', 'PENDING', 'PAID', 'DUE', 'VOID')),
            number bigint NOT NULL,
            total numeric NOT NULL
        );
        CREATE INDEX month_changes_month ON month_changes (month);
        CREATE FUNCTION count_closed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO month_changes SELECT n.month, t.currency, 'CLOSED', count(*), 0
                FROM new_rows n JOIN tenants t ON t.id = n.wallet_id GROUP BY n.month, t.currency;
            RETURN NULL;
        END $$;
        CREATE TRIGGER billing_months_counted AFTER INSERT ON billing_months REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION count_closed();
        CREATE FUNCTION count_issued() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO month_changes SELECT n.month, t.currency, n.status, count(*), sum(n.total)
                FROM new_rows n JOIN tenants t ON t.id = n.wallet_id GROUP BY n.month, t.currency, n.status;
            RETURN NULL;
        END $$;
        CREATE TRIGGER invoices_counted AFTER INSERT ON invoices REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION count_issued();
        CREATE FUNCTION count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM new_rows) THEN
                RETURN NULL;
            END IF;
            INSERT INTO month_changes SELECT c.month, t.currency, c.status, sum(c.number), sum(c.total)
                FROM old_rows o JOIN new_rows n ON n.wallet_id = o.wallet_id AND n.count = o.count
                    AND (n.status, n.total, n.month) <> (o.status, o.total, o.month)
                JOIN tenants t ON t.id = o.wallet_id
                CROSS JOIN LATERAL (VALUES (o.month, o.status, -1, -o.total), (n.month, n.status, 1, n.total))
                    AS c(month, status, number, total)
                GROUP BY c.month, t.currency, c.status;
            RETURN NULL;
        END $$;
        CREATE TRIGGER invoices_recounted AFTER UPDATE ON invoices
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION count_changed();
        INSERT INTO month_changes SELECT m.month, t.currency, 'CLOSED', count(*), 0
            FROM billing_months m JOIN tenants t ON t.id = m.wallet_id GROUP BY m.month, t.currency;
        INSERT INTO month_changes SELECT i.month, t.currency, i.status, count(*), sum(i.total)
            FROM invoices i JOIN tenants t ON t.id = i.wallet_id GROUP BY i.month, t.currency, i.status;

        -- What usage costs --------------------------------------------------------------------------------
        -- As domain/pricing.py: charge, of which tests hold it to be the twin.
        CREATE FUNCTION tiered_charge(p prices, quantity numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE p.model
                WHEN 'GRADUATED' THEN sum((least(quantity, up_to) - below) * unit_price + flat) FILTER (WHERE quantity > below)
                ELSE max(quantity * unit_price + flat) FILTER (WHERE quantity > below AND quantity <= coalesce(up_to, quantity))
            END
            FROM (
                SELECT (tier->>'upTo')::numeric AS up_to, (tier->>'unitPrice')::numeric AS unit_price,
                    (tier->>'flat')::numeric AS flat,
                    coalesce(lag((tier->>'upTo')::numeric) OVER (ORDER BY place), 0) AS below
                FROM jsonb_array_elements(p.tiers) WITH ORDINALITY AS tiers(tier, place)
            ) AS parts
        $$;
        -- Without a query in it, so that it becomes a part of each statement that names it.
        CREATE FUNCTION usage_charge(p prices, quantity numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
            SELECT round(CASE p.model
                WHEN 'PER_UNIT' THEN quantity * p.unit_price
                WHEN 'PACKAGE' THEN
                    (div(quantity, p.package_size) + (mod(quantity, p.package_size) > 0)::int) * p.unit_price
                WHEN 'FLAT' THEN 0
                ELSE tiered_charge(p, quantity)
            END)
        $$;
        CREATE TABLE charge_changes (
            month date NOT NULL,
            currency text NOT NULL,
            service text NOT NULL,
            charge numeric NOT NULL
        );
        CREATE INDEX charge_changes_month ON charge_changes (month);
        CREATE FUNCTION charge_used() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM new_rows) THEN
                RETURN NULL;
            END IF;
            INSERT INTO charge_changes SELECT n.month, t.currency, n.service, sum(coalesce(usage_charge(p, n.quantity), 0))
                FROM new_rows n JOIN prices p ON p.wallet_id = n.wallet_id AND p.id = n.price_id
                JOIN tenants t ON t.id = n.wallet_id GROUP BY n.month, t.currency, n.service;
            RETURN NULL;
        END $$;
        CREATE TRIGGER usage_totals_charged AFTER INSERT ON usage_totals REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION charge_used();
        CREATE FUNCTION charge_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM new_rows) THEN
                RETURN NULL;
            END IF;
            INSERT INTO charge_changes SELECT n.month, t.currency, n.service,
                    sum(coalesce(usage_charge(p, n.quantity), 0) - coalesce(usage_charge(p, o.quantity), 0))
                FROM old_rows o JOIN new_rows n ON n.wallet_id = o.wallet_id AND n.month = o.month
                    AND n.service = o.service AND n.price_id = o.price_id AND n.quantity <> o.quantity
                JOIN prices p ON p.wallet_id = n.wallet_id AND p.id = n.price_id
                JOIN tenants t ON t.id = n.wallet_id GROUP BY n.month, t.currency, n.service;
            RETURN NULL;
        END $$;
        CREATE TRIGGER usage_totals_recharged AFTER UPDATE ON usage_totals
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION charge_changed();
        -- A price that usage depends on stays as it is; should it be mended by hand, its charges follow.
        CREATE FUNCTION charge_repriced() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO charge_changes SELECT u.month, t.currency, u.service,
                    sum(coalesce(usage_charge(n::prices, u.quantity), 0) - coalesce(usage_charge(o::prices, u.quantity), 0))
                FROM old_rows o JOIN new_rows n ON n.wallet_id = o.wallet_id AND n.id = o.id
                JOIN usage_totals u ON u.wallet_id = n.wallet_id AND u.price_id = n.id
                JOIN tenants t ON t.id = n.wallet_id GROUP BY u.month, t.currency, u.service;
            RETURN NULL;
        END $$;
        CREATE TRIGGER prices_recharged AFTER UPDATE ON prices REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION charge_repriced();
        INSERT INTO charge_changes SELECT u.month, t.currency, u.service, sum(coalesce(usage_charge(p, u.quantity), 0))
            FROM usage_totals u JOIN prices p ON p.wallet_id = u.wallet_id AND p.id = u.price_id
            JOIN tenants t ON t.id = u.wallet_id GROUP BY u.month, t.currency, u.service;
        -- Fees are owed without usage.
        CREATE INDEX prices_flat ON prices (wallet_id, service, effective_from) WHERE flat > 0;

        -- What was held at the end of each day (UTC), once nothing dated in it can come any more -----------
        CREATE TABLE day_balances (
            day date NOT NULL,
            currency text NOT NULL,
            total numeric NOT NULL CHECK (total >= 0),
            PRIMARY KEY (day, currency)
        );

        -- The newest operations of all wallets; one over two wallets once.
        CREATE INDEX operations_newest ON operations (created_at, id) WHERE home IS NULL;
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP INDEX operations_newest;
        DROP TABLE day_balances;
        DROP INDEX prices_flat;
        DROP TRIGGER prices_recharged ON prices;
        DROP FUNCTION charge_repriced();
        DROP TRIGGER usage_totals_recharged ON usage_totals;
        DROP TRIGGER usage_totals_charged ON usage_totals;
        DROP FUNCTION charge_changed();
        DROP FUNCTION charge_used();
        DROP TABLE charge_changes;
        DROP FUNCTION usage_charge(prices, numeric);
        DROP FUNCTION tiered_charge(prices, numeric);
        DROP TRIGGER invoices_recounted ON invoices;
        DROP TRIGGER invoices_counted ON invoices;
        DROP TRIGGER billing_months_counted ON billing_months;
        DROP FUNCTION count_changed();
        DROP FUNCTION count_issued();
        DROP FUNCTION count_closed();
        DROP TABLE month_changes;
        DROP TABLE log_sums;
    """
