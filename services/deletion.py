"""Stories of deletion: the owner and its wallet are closed, and their history stays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, people
from domain.access import Viewer
from domain.deletion import Unbilled, UnbilledUsage, check_deletable
from domain.wallets import Wallet
from models.people import Tenant, User
from services import audit, sessions
from services.alert_rules import recover_of_tenant
from services.catching_up import lock_wallets, require_up_to_date, write_up_to_date
from services.core import Core
from services.database import now
from services.people_rows import (
    lock_tenant,
    lock_user,
    read_user,
    require_another_administrator,
)
from services.rows import read_wallet

_UNBILLED = """
SELECT month, service, sum(quantity - billed_quantity) AS quantity FROM usage_totals
WHERE wallet_id = $1 AND quantity <> billed_quantity GROUP BY month, service ORDER BY month, service
"""
_REBILL = "SELECT count FROM invoices WHERE wallet_id = $1 AND rebill ORDER BY count"
_CLOSE_USERS = "UPDATE users SET closed_at = $2 WHERE id = ANY($1::uuid[])"
_CLOSE_WALLETS = "UPDATE wallets SET closed_at = $2 WHERE id = ANY($1::uuid[])"
_REVOKE_TOKENS = """
UPDATE api_tokens SET revoked_at = $3 WHERE (tenant_id = $1 OR maker_id = ANY($2::uuid[])) AND revoked_at IS NULL
"""


async def delete_tenant(core: Core, viewer: Viewer, tenant_id: UUID, *, dry_run: bool = False) -> people.Tenant:
    """And its users.

    Raises NotFound, Forbidden, NotPossible (money or usage is left with it, or money with one of its users).
    """
    access.require(viewer, "tenant:write", tenant_id)
    access.require_may_delete(viewer)

    async def work(connection: BaseDBAsyncClient) -> people.Tenant:
        tenant = await lock_tenant(connection, viewer, tenant_id, with_users=True)
        users = await _lock_users(connection, tenant_id)
        wallets, instant = await _lock_wallets(connection, core, [tenant_id, *(user.id for user in users)])
        rest = await _unbilled(connection, tenant)
        check_deletable(tenant.name, wallets.get(tenant_id), rest)
        for user in users:
            check_deletable(tenant.name, wallets.get(user.id), with_user=user.name)
        if not dry_run:
            await Tenant.filter(id=tenant_id).using_db(connection).update(closed_at=instant)
            await _close(connection, instant, users, tenant_id)
            await recover_of_tenant(connection, instant, tenant_id)
            subject = ids.make("ten", tenant_id)
            facts = {"name": tenant.name, "external_id": tenant.external_id, "users": len(users)}
            await audit.record(connection, core.clock, viewer, "deleteTenant", subject, before=facts, whose=tenant_id)
            for user in users:
                await _record(connection, core, viewer, user)
        return replace(tenant, closed_at=instant)

    deleted = await write_up_to_date(core, work)
    if not dry_run:
        core.tell_ended()
    return deleted


async def delete_user(core: Core, viewer: Viewer, user_id: UUID, *, dry_run: bool = False) -> people.User:
    """The phone becomes free.

    Raises NotFound, Forbidden, NotPossible (money is left with them; the last SUPER_ADMIN).
    """

    async def work(connection: BaseDBAsyncClient) -> people.User:
        user = await lock_user(connection, viewer, user_id)
        access.require_may_delete(viewer)
        if people.is_administrator(user):
            await require_another_administrator(connection, user)
        wallets, instant = await _lock_wallets(connection, core, [user_id])
        check_deletable(user.name, wallets.get(user_id))
        if not dry_run:
            await _close(connection, instant, [user])
            await _record(connection, core, viewer, user)
        return replace(user, closed_at=instant)

    deleted = await write_up_to_date(core, work)
    if not dry_run:
        core.tell_ended()
    return deleted


async def _lock_users(connection: BaseDBAsyncClient, tenant_id: UUID) -> list[people.User]:
    """Those that the tenant still has: nobody comes to it while its row is locked."""
    rows = User.filter(tenant_id=tenant_id, closed_at=None).order_by("id").select_for_update(no_key=True)
    return [read_user(row) for row in await rows.using_db(connection)]


async def _lock_wallets(
    connection: BaseDBAsyncClient, core: Core, wallet_ids: Sequence[UUID]
) -> tuple[dict[UUID, Wallet], datetime]:
    """And the clock's instant, read after the locks: no money comes or goes any more."""
    rows = await lock_wallets(connection, wallet_ids)
    instant = await now(core.clock, connection)
    require_up_to_date(rows, instant)
    return {row["id"]: read_wallet(row) for row in rows}, instant


async def _unbilled(connection: BaseDBAsyncClient, tenant: people.Tenant) -> Unbilled:
    """Read after the locks: neither is there usage nor a void any more."""
    used = await connection.execute_query_dict(_UNBILLED, [tenant.id])
    void = await connection.execute_query_dict(_REBILL, [tenant.id])
    return Unbilled(
        [UnbilledUsage(row["month"], row["service"], row["quantity"]) for row in used],
        [people.invoice_number(tenant.code, row["count"]) for row in void],
    )


async def _close(
    connection: BaseDBAsyncClient, instant: datetime, users: Sequence[people.User], tenant_id: UUID | None = None
) -> None:
    user_ids = [user.id for user in users]
    await connection.execute_query(_CLOSE_USERS, [user_ids, instant])
    await connection.execute_query(_CLOSE_WALLETS, [user_ids + ([tenant_id] if tenant_id else []), instant])
    await sessions.end_of_users(connection, instant, user_ids)
    await connection.execute_query(_REVOKE_TOKENS, [tenant_id, user_ids, instant])


async def _record(connection: BaseDBAsyncClient, core: Core, viewer: Viewer, user: people.User) -> None:
    facts, home = {"phone": user.phone, "name": user.name, "role": user.role}, user.tenant_id or user.id
    await audit.record(connection, core.clock, viewer, "deleteUser", ids.make("usr", user.id), before=facts, whose=home)
