"""Stories of tenants and users that change: what is not given stays."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, people
from domain.access import Viewer
from domain.billing import bills_at
from domain.changes import Change, ChangeKind
from domain.people import TenantChanges, UserChanges
from domain.refusals import BadInput, NotFound, NotPossible
from domain.scheduling import first_open
from models.people import Tenant, User
from services import attempts, audit, passwords, sessions
from services.core import Core
from services.database import note, now, reading
from services.people_input import checked_tenant_changes, checked_user_changes
from services.people_rows import (
    NO_USER,
    lock_home,
    lock_tenant,
    lock_user,
    read_user,
    require_another_administrator,
    require_free_phone,
    require_open,
    retried,
)

Differences = Mapping[str, tuple[object, object]]
"""By field, what it was and what it is now."""

# Whatever counts in months of its zone would count in others.
_ZONE_USED = """
SELECT CASE
    WHEN EXISTS (SELECT 1 FROM usage_events WHERE wallet_id = $1) THEN 'usage was recorded'
    WHEN EXISTS (SELECT 1 FROM invoices WHERE wallet_id = $1) THEN 'an invoice was issued'
    WHEN EXISTS (SELECT 1 FROM billing_months WHERE wallet_id = $1) THEN 'a month was closed'
END AS why
"""
_MONTHS = """
SELECT (SELECT max(month) FROM billing_months WHERE wallet_id = $1) AS newest_closed,
    (SELECT min(month) FROM usage_totals WHERE wallet_id = $1) AS first_used
"""


async def update_tenant(
    core: Core, viewer: Viewer, tenant_id: UUID, asked: TenantChanges, *, dry_run: bool = False
) -> people.Tenant:
    """Raises NotFound, Forbidden, BadInput, NotPossible (its billing zone is used; it was deleted)."""
    access.require(viewer, "tenant:write", tenant_id)
    changes = checked_tenant_changes(asked)

    async def work(connection: BaseDBAsyncClient) -> tuple[people.Tenant, bool]:
        tenant = await lock_tenant(connection, viewer, tenant_id)
        changed = replace(tenant, **changes)
        differences = _differences(tenant, changed)
        if "billing_zone" in differences:
            await _require_free_zone(connection, tenant)
        if differences and not dry_run:
            await _write_tenant(connection, changed, differences, await now(core.clock, connection))
            before, after = _facts(differences)
            subject = ids.make("ten", tenant_id)
            await audit.record(
                connection, core.clock, viewer, "updateTenant", subject, before=before, after=after, whose=tenant_id
            )
        return changed, _suspends(differences, changed)

    updated, ended = await retried(work)
    if ended and not dry_run:
        core.tell_ended()
    return updated


async def _write_tenant(
    connection: BaseDBAsyncClient, changed: people.Tenant, differences: Differences, instant: datetime
) -> None:
    columns = {field: new for field, (_, new) in differences.items()}
    if not {"billing_zone", "billing_delay_hours"}.isdisjoint(columns):
        columns["bills_at"] = await _due_date(connection, changed)
    await Tenant.filter(id=changed.id).using_db(connection).update(**columns)
    if _suspends(differences, changed):
        await sessions.end_of_tenant(connection, instant, changed.id)


def _suspends(differences: Differences, changed: people.Tenant) -> bool:
    return "active" in differences and not changed.active


async def _due_date(connection: BaseDBAsyncClient, tenant: people.Tenant) -> datetime:
    """When the server itself closes its oldest open month."""
    rows = await connection.execute_query_dict(_MONTHS, [tenant.id])
    closed, used = rows[0]["newest_closed"], rows[0]["first_used"]
    first: date = first_open(closed, tenant.created_at, used, tenant.billing_zone)
    return bills_at(first, tenant.billing_zone, tenant.billing_delay_hours)


async def _require_free_zone(connection: BaseDBAsyncClient, tenant: people.Tenant) -> None:
    why = (await connection.execute_query_dict(_ZONE_USED, [tenant.id]))[0]["why"]
    if why:
        raise NotPossible(
            f"The months of {tenant.name} are those of {tenant.billing_zone} for good: {why} in them already."
        )


async def update_user(
    core: Core,
    viewer: Viewer,
    user_id: UUID,
    asked: UserChanges,
    password: str | None = None,
    *,
    dry_run: bool = False,
) -> people.User:
    """`password`: set anew by an administrator; None: it stays. A new one, another role or tenant, and suspending end
    the user's sessions.

    Raises NotFound, Forbidden, BadInput, RateLimited, NotPossible (the phone is taken; the last SUPER_ADMIN; deleted).
    """
    changes = checked_user_changes(asked)
    row = await reading(lambda: User.get_or_none(id=user_id))
    seen, _ = _decided(viewer, read_user(row) if row else None, changes, password)  # before its password is hashed
    hashed = None
    if password is not None:
        await passwords.check_new(password, seen.phone, seen.name)
        hashed = None if dry_run else await passwords.hash_password(password)

    async def work(connection: BaseDBAsyncClient) -> tuple[people.User, bool]:
        if home := changes.get("tenant_id"):
            await lock_home(connection, home)
        user, changed = _decided(viewer, await lock_user(connection, viewer, user_id), changes, password)
        differences = _differences(user, changed)
        if "phone" in differences:
            await require_free_phone(connection, changed.phone, but_of=user_id)
        if people.is_administrator(user) and not people.is_administrator(changed):
            await require_another_administrator(connection, user)
        if (differences or hashed) and not dry_run:
            await _write_user(connection, core, changed, differences, hashed)
            before, after = _facts(differences)
            subject, told = ids.make("usr", user_id), after | ({"password": "set anew"} if hashed else {})
            await audit.record(
                connection,
                core.clock,
                viewer,
                "updateUser",
                subject,
                before=before,
                after=told,
                whose=changed.tenant_id or user_id,
            )
            note([Change(ChangeKind.USERS, user.tenant_id or user_id)])  # whose it was until now
        return changed, _signs_out(differences, password)

    async with attempts.naming_phones(core, viewer):
        updated, ended = await retried(work)
    if ended and not dry_run:
        core.tell_ended()
    return updated


def _decided(
    viewer: Viewer, user: people.User | None, changes: UserChanges, password: str | None
) -> tuple[people.User, people.User]:
    """As they are, and as they would be, where the viewer may do that."""
    if user is None:
        raise NotFound(NO_USER)
    access.require_may_edit(viewer, user.id, user.role, user.tenant_id)
    require_open(viewer, user.closed_at, NO_USER)
    changed = replace(user, **changes)
    if (changed.role, changed.tenant_id) != (user.role, user.tenant_id):
        access.require_may_move(viewer)
    people.check_role_fits(changed.role, changed.tenant_id)
    if password is not None and viewer.user_id == user.id:
        raise BadInput("Your own password is changed with changePassword, which asks for the old one.")
    return user, changed


async def _write_user(
    connection: BaseDBAsyncClient, core: Core, changed: people.User, differences: Differences, hashed: str | None
) -> None:
    columns = {field: new for field, (_, new) in differences.items()} | ({"password_hash": hashed} if hashed else {})
    await User.filter(id=changed.id).using_db(connection).update(**columns)
    if _signs_out(differences, hashed):
        await sessions.end_of_users(connection, await now(core.clock, connection), [changed.id])


def _signs_out(differences: Differences, password: str | None) -> bool:
    return password is not None or not differences.keys().isdisjoint(people.SIGNS_OUT)


def _differences(old: people.Tenant | people.User, new: people.Tenant | people.User) -> Differences:
    both = {field: (getattr(old, field), getattr(new, field)) for field in old.__slots__}
    return {field: pair for field, pair in both.items() if pair[0] != pair[1]}


def _facts(differences: Differences) -> tuple[dict[str, object], dict[str, object]]:
    """What was and what is, for the audit: of a tenant its id of the API."""
    shown = {field: tuple(_shown(value) for value in pair) for field, pair in differences.items()}
    before = {field.removesuffix("_id"): pair[0] for field, pair in shown.items()}
    return before, {field.removesuffix("_id"): pair[1] for field, pair in shown.items()}


def _shown(value: object) -> object:
    return ids.make("ten", value) if isinstance(value, UUID) else value
