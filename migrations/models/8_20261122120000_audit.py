"""The audit by when: of one thing, of one person, of one kind of change."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- The time is the database's: the ids are as the clocks of several servers have made them.
        CREATE INDEX audit_entries_time ON audit_entries (time, id);
        CREATE INDEX audit_entries_actor ON audit_entries (actor, time, id);
        CREATE INDEX audit_entries_action ON audit_entries (action, time, id);
        DROP INDEX audit_entries_subject;
        CREATE INDEX audit_entries_subject ON audit_entries (subject_id, time, id);
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP INDEX audit_entries_subject;
        CREATE INDEX audit_entries_subject ON audit_entries (subject_id, id);
        DROP INDEX audit_entries_action;
        DROP INDEX audit_entries_actor;
        DROP INDEX audit_entries_time;
    """
