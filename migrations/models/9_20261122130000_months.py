"""In which months tenants begin to be billed: how many a month is still open for follows from it."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- A tenant's first month, as domain/scheduling.py has it: in which it was made, or used before it was ever billed.
        CREATE FUNCTION tenant_begins(t tenants) RETURNS date LANGUAGE sql STABLE AS $$
            SELECT coalesce(
                (SELECT min(month) FROM billing_months WHERE wallet_id = t.id),
                least(date_trunc('month', t.created_at AT TIME ZONE t.billing_zone)::date,
                    (SELECT min(month) FROM usage_totals WHERE wallet_id = t.id)))
        $$;
        -- Signed changes of how many tenants begin in a month, of those that there are; as month_changes are kept.
        CREATE TABLE tenant_changes (
            month date NOT NULL,
            currency text NOT NULL,
            zone text NOT NULL,
            number bigint NOT NULL
        );
        CREATE FUNCTION count_begun() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO tenant_changes SELECT tenant_begins(t), n.currency, n.billing_zone, count(*)
                FROM new_rows n JOIN tenants t ON t.id = n.id WHERE n.closed_at IS NULL GROUP BY 1, 2, 3;
            RETURN NULL;
        END $$;
        CREATE TRIGGER tenants_counted AFTER INSERT ON tenants REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION count_begun();
        -- What was closed for a tenant that is deleted is GONE: it says nothing of those that there are.
        ALTER TABLE month_changes DROP CONSTRAINT month_changes_what_check;
        ALTER TABLE month_changes ADD CONSTRAINT month_changes_what
            CHECK (what IN ('CLOSED', 'GONE', 'PENDING', 'PAID', 'DUE', 'VOID'));
        CREATE FUNCTION count_moved() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO tenant_changes SELECT tenant_begins(c.tenant), (c.tenant).currency, (c.tenant).billing_zone, sum(c.number)
                FROM old_rows o JOIN new_rows n ON n.id = o.id
                    AND (n.billing_zone, n.created_at, n.currency, n.closed_at)
                        IS DISTINCT FROM (o.billing_zone, o.created_at, o.currency, o.closed_at)
                CROSS JOIN LATERAL (VALUES (o::tenants, -1), (n::tenants, 1)) AS c(tenant, number)
                WHERE (c.tenant).closed_at IS NULL GROUP BY 1, 2, 3;
            INSERT INTO month_changes SELECT m.month, n.currency, 'GONE', count(*), 0
                FROM old_rows o JOIN new_rows n ON n.id = o.id AND o.closed_at IS NULL AND n.closed_at IS NOT NULL
                JOIN billing_months m ON m.wallet_id = n.id GROUP BY 1, 2;
            RETURN NULL;
        END $$;
        CREATE TRIGGER tenants_recounted AFTER UPDATE ON tenants
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION count_moved();
        -- Used in a month before the one in which it was made.
        CREATE FUNCTION count_earlier() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM new_rows) THEN
                RETURN NULL;
            END IF;
            INSERT INTO tenant_changes SELECT c.month, b.currency, b.billing_zone, sum(c.number) FROM (
                    SELECT t.currency, t.billing_zone, tenant_begins(t) AS now, least(
                        date_trunc('month', t.created_at AT TIME ZONE t.billing_zone)::date,
                        (SELECT min(u.month) FROM usage_totals u WHERE u.wallet_id = t.id AND NOT EXISTS (
                            SELECT 1 FROM new_rows r WHERE (r.wallet_id, r.month, r.service, r.price_id)
                                = (u.wallet_id, u.month, u.service, u.price_id)))) AS before
                    FROM (SELECT wallet_id, min(month) AS month FROM new_rows GROUP BY 1) AS n
                    JOIN tenants t ON t.id = n.wallet_id AND n.month < date_trunc('month', t.created_at AT TIME ZONE t.billing_zone)::date
                        AND t.closed_at IS NULL
                    WHERE NOT EXISTS (SELECT 1 FROM billing_months m WHERE m.wallet_id = t.id)
                ) AS b CROSS JOIN LATERAL (VALUES (b.before, -1), (b.now, 1)) AS c(month, number)
                WHERE b.now < b.before GROUP BY 1, 2, 3;
            RETURN NULL;
        END $$;
        CREATE TRIGGER usage_totals_earlier AFTER INSERT ON usage_totals REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION count_earlier();
        INSERT INTO tenant_changes SELECT tenant_begins(t), t.currency, t.billing_zone, count(*)
            FROM tenants t WHERE t.closed_at IS NULL GROUP BY 1, 2, 3;
        INSERT INTO month_changes SELECT m.month, t.currency, 'GONE', count(*), 0
            FROM billing_months m JOIN tenants t ON t.id = m.wallet_id WHERE t.closed_at IS NOT NULL GROUP BY 1, 2;
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP TRIGGER usage_totals_earlier ON usage_totals;
        DROP TRIGGER tenants_recounted ON tenants;
        DROP TRIGGER tenants_counted ON tenants;
        DROP FUNCTION count_earlier();
        DROP FUNCTION count_moved();
        DROP FUNCTION count_begun();
        DELETE FROM month_changes WHERE what = 'GONE';
        DROP TABLE tenant_changes;
        DROP FUNCTION tenant_begins(tenants);
    """
