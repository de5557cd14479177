"""Stories of new tenants and users: each gets its wallet in the same transaction."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, people
from domain.access import Role, Viewer
from domain.billing import bills_at, month_of
from domain.money import Currency
from domain.people import code_stem
from domain.refusals import Forbidden, NotPossible
from models.people import Tenant, User
from services import attempts, audit, passwords
from services.core import Core
from services.database import now
from services.identity import new_uuid
from services.people_input import NewTenant, NewUser, checked_tenant, checked_user, iso_currency
from services.people_rows import lock_home, read_tenant, require_free_phone, retried

_NEW_WALLET = """
INSERT INTO wallets (id, tenant_id, user_id, currency, currency_exponent, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)
"""
_CODES = "SELECT code FROM tenants WHERE code = $1 OR code ~ ('^' || $1 || '[0-9]+$')"


async def create_tenant(core: Core, viewer: Viewer, asked: NewTenant, *, dry_run: bool = False) -> people.Tenant:
    """Raises BadInput, Forbidden, NotPossible (an external id that names another tenant)."""
    access.require_everywhere(viewer, "tenant:write")
    asked = checked_tenant(asked)

    async def work(connection: BaseDBAsyncClient) -> people.Tenant:
        if asked.external_id and (twin := await Tenant.get_or_none(external_id=asked.external_id, closed_at=None)):
            return _same_tenant(asked, read_tenant(twin))
        tenant = people.Tenant(
            id=new_uuid(),
            code=await _free_code(connection, code_stem(asked.name)),
            active=True,
            created_at=await now(core.clock, connection),
            **asdict(asked),
        )
        if dry_run:
            return tenant
        first = month_of(tenant.created_at, tenant.billing_zone)
        due = bills_at(first, tenant.billing_zone, tenant.billing_delay_hours)
        await Tenant.create(**asdict(tenant), bills_at=due, using_db=connection)
        await _new_wallet(connection, tenant.id, iso_currency(tenant.currency), tenant.created_at, tenants=True)
        subject = ids.make("ten", tenant.id)
        await audit.record(
            connection, core.clock, viewer, "createTenant", subject, after=asdict(asked), whose=tenant.id
        )
        return tenant

    return await retried(work)


async def create_user(core: Core, viewer: Viewer, asked: NewUser, *, dry_run: bool = False) -> people.User:
    """Raises BadInput, Forbidden, NotFound (the tenant), NotPossible (the phone is taken)."""
    access.require_may_give(viewer, asked.role, asked.tenant_id)
    checked = checked_user(asked)
    async with attempts.naming_phones(core, viewer):
        return await _make_user(core, viewer, new_uuid(), checked, "createUser", dry_run=dry_run)


async def register(core: Core, asked: NewUser, *, address: str, dry_run: bool = False) -> people.User:
    """Somebody makes an account of their own: a MEMBER of no tenant.

    Raises Forbidden where that is not open to all, BadInput, RateLimited, NotPossible (the phone is taken).
    """
    if not core.open_registration:
        raise Forbidden("Registration is closed here: ask an administrator for an account.")
    user_id, asked = new_uuid(), checked_user(asked)
    if asked.role is not Role.MEMBER or asked.tenant_id is not None or asked.password is None:
        raise Forbidden("Whoever registers is a MEMBER of no tenant, with a password.")
    await attempts.admit_registration(core, address)  # a dry run too: its answer tells whose phones are known
    themselves = access.viewer_of_user(user_id, Role.MEMBER, None, None)
    return await _make_user(core, themselves, user_id, asked, "register", dry_run=dry_run)


async def _make_user(
    core: Core, viewer: Viewer, user_id: UUID, asked: NewUser, action: str, *, dry_run: bool
) -> people.User:
    hashed = await _hashed(viewer, asked, dry_run=dry_run)

    async def work(connection: BaseDBAsyncClient) -> people.User:
        if asked.tenant_id:
            await lock_home(connection, asked.tenant_id)
        await require_free_phone(connection, asked.phone)
        instant = await now(core.clock, connection)
        user = people.User(user_id, asked.phone, asked.name, asked.email, asked.role, asked.tenant_id, True, instant)
        if dry_run:
            return user
        await User.create(**asdict(user), password_hash=hashed, using_db=connection)
        await _new_wallet(connection, user.id, iso_currency(asked.currency), instant, tenants=False)
        facts = {k: v for k, v in asdict(asked).items() if k not in ("password", "tenant_id")}
        home = asked.tenant_id or user.id
        facts["tenant"] = ids.make("ten", asked.tenant_id) if asked.tenant_id else None
        await audit.record(connection, core.clock, viewer, action, ids.make("usr", user.id), after=facts, whose=home)
        return user

    return await retried(work)


async def _hashed(viewer: Viewer, asked: NewUser, *, dry_run: bool) -> str | None:
    """Of a dry run it is only checked."""
    if asked.password is None:
        return None
    if viewer is not access.SYSTEM:  # the operator's own was checked with the settings
        await passwords.check_new(asked.password, asked.phone, asked.name)
    return None if dry_run else await passwords.hash_password(asked.password)


def _same_tenant(asked: NewTenant, twin: people.Tenant) -> people.Tenant:
    if any(getattr(twin, field) != wanted for field, wanted in asdict(asked).items()):
        raise NotPossible(f"The externalId {asked.external_id} names another tenant: {twin.name}.")
    return twin


async def _free_code(connection: BaseDBAsyncClient, stem: str) -> str:
    """Under a lock on the stem, since two tenants of like names may be made at once."""
    await connection.execute_query_dict("SELECT pg_advisory_xact_lock(hashtext($1))", [f"code {stem}"])
    taken = [row["code"] for row in await connection.execute_query_dict(_CODES, [stem])]
    if stem not in taken:
        return stem
    return f"{stem}{1 + max(int(code[len(stem) :] or 1) for code in taken)}"


async def _new_wallet(
    connection: BaseDBAsyncClient, owner_id: UUID, currency: Currency, instant: datetime, *, tenants: bool
) -> None:
    values = [owner_id, owner_id if tenants else None, None if tenants else owner_id, *currency, instant]
    await connection.execute_query(_NEW_WALLET, values)
