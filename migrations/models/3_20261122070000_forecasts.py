"""What was last forecast of each tenant: when its wallet locks, and when that is to be worked out again."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- Locked for money, or projected to: never both. Not yet worked out: computed_at is null.
        CREATE TABLE forecasts (
            tenant_id uuid PRIMARY KEY REFERENCES tenants,
            currency text NOT NULL,
            locked_at timestamptz,
            locks_at timestamptz,
            months_remaining numeric(20, 1),
            price_changes_at timestamptz,
            wallet_version bigint NOT NULL DEFAULT 0,
            computed_at timestamptz,
            due_at timestamptz NOT NULL,
            CONSTRAINT forecasts_one_lock CHECK (num_nonnulls(locked_at, locks_at) <= 1)
        ) WITH (fillfactor = 70);
        CREATE INDEX forecasts_due ON forecasts (due_at);
        CREATE INDEX forecasts_risk ON forecasts (coalesce(locked_at, locks_at), tenant_id)
            WHERE coalesce(locked_at, locks_at) IS NOT NULL;
        CREATE INDEX forecasts_risk_of_currency ON forecasts (currency, coalesce(locked_at, locks_at), tenant_id)
            WHERE coalesce(locked_at, locks_at) IS NOT NULL;
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP TABLE forecasts;
    """
