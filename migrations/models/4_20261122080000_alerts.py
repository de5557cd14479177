"""Alerts: rules, what they raised, and how far each person has read."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- A rule is about one tenant, all of a currency, or all; of its condition's kind of threshold it has one.
        CREATE TABLE alert_rules (
            id uuid PRIMARY KEY,
            name text NOT NULL CHECK (name <> ''),
            condition text NOT NULL CHECK (condition IN ('AVAILABLE_BELOW', 'MONTHS_REMAINING_BELOW',
                'LOCKS_WITHIN_DAYS', 'LOCKED', 'PRICE_CHANGES_WITHIN_DAYS')),
            threshold_minor bigint CHECK (threshold_minor BETWEEN 1 AND 9007199254740991),
            threshold_months numeric(5, 1) CHECK (threshold_months > 0),
            threshold_days int CHECK (threshold_days > 0),
            currency text CHECK (currency ~ '^[A-Z]{3}$'),
            tenant_id uuid REFERENCES tenants,
            active boolean NOT NULL,
            judging boolean NOT NULL,
            judged_until uuid,
            created_at timestamptz NOT NULL,
            closed_at timestamptz,
            CONSTRAINT alert_rules_minor CHECK ((condition = 'AVAILABLE_BELOW') = (threshold_minor IS NOT NULL)),
            CONSTRAINT alert_rules_currency CHECK (condition <> 'AVAILABLE_BELOW' OR currency IS NOT NULL),
            CONSTRAINT alert_rules_months CHECK ((condition = 'MONTHS_REMAINING_BELOW') = (threshold_months IS NOT NULL)),
            CONSTRAINT alert_rules_days CHECK (
                (condition IN ('LOCKS_WITHIN_DAYS', 'PRICE_CHANGES_WITHIN_DAYS')) = (threshold_days IS NOT NULL)),
            CONSTRAINT alert_rules_closed CHECK (closed_at IS NULL OR NOT active),
            CONSTRAINT alert_rules_judging CHECK (active OR NOT judging),
            CONSTRAINT alert_rules_judged CHECK (judging OR judged_until IS NULL)
        );
        CREATE INDEX alert_rules_listed ON alert_rules (id) WHERE closed_at IS NULL;
        CREATE INDEX alert_rules_of_tenant ON alert_rules (tenant_id, id) WHERE closed_at IS NULL;
        CREATE INDEX alert_rules_judging ON alert_rules (id) WHERE judging;
        -- One row a firing. Two processes that see one crossing at once: the second row is refused.
        CREATE TABLE alerts (
            id uuid PRIMARY KEY,
            rule_id uuid NOT NULL REFERENCES alert_rules,
            tenant_id uuid NOT NULL REFERENCES tenants,
            condition text NOT NULL,
            threshold_minor bigint,
            threshold_months numeric(5, 1),
            threshold_days int,
            available bigint NOT NULL,
            due bigint NOT NULL,
            months_remaining numeric(20, 1),
            locks_at timestamptz,
            price_changes_at timestamptz,
            about timestamptz,
            fired_at timestamptz NOT NULL,
            recovered_at timestamptz CHECK (recovered_at >= fired_at)
        );
        CREATE UNIQUE INDEX alerts_firing_once ON alerts (tenant_id, rule_id) WHERE recovered_at IS NULL;
        CREATE INDEX alerts_firing_by_rule ON alerts (rule_id, tenant_id) WHERE recovered_at IS NULL;
        CREATE INDEX alerts_newest ON alerts (fired_at, id);
        CREATE INDEX alerts_firing ON alerts (fired_at, id) WHERE recovered_at IS NULL;
        CREATE INDEX alerts_recovered ON alerts (fired_at, id) WHERE recovered_at IS NOT NULL;
        CREATE INDEX alerts_of_tenant ON alerts (tenant_id, fired_at, id);
        CREATE TABLE alert_marks (
            user_id uuid PRIMARY KEY REFERENCES users,
            read_until timestamptz NOT NULL
        );
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP TABLE alert_marks;
        DROP TABLE alerts;
        DROP TABLE alert_rules;
    """
