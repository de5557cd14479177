"""Webhooks: endpoints, what is delivered to them, and each attempt at it."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- Secrets are encrypted. The old one signs beside the new one until its time is over.
        CREATE TABLE webhook_endpoints (
            id uuid PRIMARY KEY,
            url text NOT NULL CHECK (url <> ''),
            description text NOT NULL,
            tenant_id uuid REFERENCES tenants,
            event_types text[] NOT NULL,
            active boolean NOT NULL,
            secret bytea NOT NULL,
            old_secret bytea,
            old_secret_until timestamptz,
            created_at timestamptz NOT NULL,
            failing_since timestamptz,
            gone_at timestamptz,
            deleted_at timestamptz,
            CONSTRAINT webhook_endpoints_old_secret CHECK ((old_secret IS NULL) = (old_secret_until IS NULL)),
            CONSTRAINT webhook_endpoints_deleted CHECK (deleted_at IS NULL OR NOT active),
            CONSTRAINT webhook_endpoints_gone CHECK (gone_at IS NULL OR NOT active)
        );
        CREATE INDEX webhook_endpoints_listed ON webhook_endpoints (id) WHERE deleted_at IS NULL;
        CREATE INDEX webhook_endpoints_hearing ON webhook_endpoints (tenant_id) WHERE active;
        -- The payload is kept as it is sent: a repeated message has the same bytes.
        CREATE TABLE webhook_deliveries (
            id uuid PRIMARY KEY,
            endpoint_id uuid NOT NULL REFERENCES webhook_endpoints,
            event_type text NOT NULL,
            payload text NOT NULL,
            status text NOT NULL CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED')),
            tries int NOT NULL CHECK (tries >= 0),
            attempts int NOT NULL CHECK (attempts >= 0),
            next_attempt_at timestamptz,
            leased_until timestamptz,
            created_at timestamptz NOT NULL,
            delivered_at timestamptz,
            CONSTRAINT webhook_deliveries_pending CHECK ((status = 'PENDING') = (next_attempt_at IS NOT NULL)),
            CONSTRAINT webhook_deliveries_leased CHECK (leased_until IS NULL OR status = 'PENDING'),
            CONSTRAINT webhook_deliveries_delivered CHECK (status <> 'DELIVERED' OR delivered_at IS NOT NULL)
        );
        CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at) WHERE status = 'PENDING';
        CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (endpoint_id, id);
        CREATE INDEX webhook_deliveries_of_endpoint_by_status ON webhook_deliveries (endpoint_id, status, id);
        CREATE INDEX webhook_deliveries_by_status ON webhook_deliveries (status, id);
        CREATE INDEX webhook_deliveries_finished ON webhook_deliveries (created_at) WHERE status <> 'PENDING';
        CREATE TABLE webhook_attempts (
            delivery_id uuid NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
            number int NOT NULL CHECK (number > 0),
            time timestamptz NOT NULL,
            status_code int,
            error text,
            duration_milliseconds int NOT NULL CHECK (duration_milliseconds >= 0),
            PRIMARY KEY (delivery_id, number)
        );
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP TABLE webhook_attempts;
        DROP TABLE webhook_deliveries;
        DROP TABLE webhook_endpoints;
    """
