"""Ways of asking for two things at once: what fires of a tenant, and what a person has done of a kind."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        CREATE INDEX alerts_firing_of_tenant ON alerts (tenant_id, fired_at, id) WHERE recovered_at IS NULL;
        CREATE INDEX audit_entries_actor_action ON audit_entries (actor, action, time, id);
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP INDEX audit_entries_actor_action;
        DROP INDEX alerts_firing_of_tenant;
    """
