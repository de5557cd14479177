"""People's rows: as the domain's values, and locked for a change. The order of locks: tenants, users, wallets."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError

from domain import access, people
from domain.access import Role, Viewer
from domain.refusals import NotFound, NotPossible, PhoneTaken
from models.people import Tenant, User, Vehicle
from services.database import write

T = TypeVar("T")

NO_TENANT = "There is no such tenant."
NO_USER = "There is no such user."

_ADMINISTRATORS = "SELECT pg_advisory_xact_lock(hashtext('the last administrator'))"


def may_enter(user: str, tenant: str) -> str:
    """SQL: whether the user of these aliases may ask at all; their tenant is joined from the left."""
    return (
        f"{user}.active AND {user}.closed_at IS NULL AND coalesce({tenant}.active AND {tenant}.closed_at IS NULL, true)"
    )


def read_tenant(row: Tenant) -> people.Tenant:
    """The domain's value of a stored tenant."""
    return people.Tenant(**{field: getattr(row, field) for field in people.Tenant.__slots__})


def read_user(row: User) -> people.User:
    """The domain's value of a stored user."""
    fields = {field: getattr(row, field) for field in people.User.__slots__}
    return people.User(**fields | {"role": Role(row.role)})


def read_vehicle(row: Vehicle) -> people.Vehicle:
    """The domain's value of a stored vehicle."""
    return people.Vehicle(row.id, row.user_id, row.registration, row.name)


# In turn, never shared, as usage does: a stream of those who share a row would keep the others waiting for ever.
async def lock_tenant(
    connection: BaseDBAsyncClient, viewer: Viewer, tenant_id: UUID, *, with_users: bool = False
) -> people.Tenant:
    """Until the end of the transaction. `with_users`: whoever is adding users to it comes first, or not at all: their
    foreign keys hold its key. Raises NotFound, NotPossible (it was deleted)."""
    tenants = Tenant.filter(id=tenant_id).using_db(connection)
    row = await tenants.select_for_update(no_key=not with_users).get_or_none()
    if row is None:
        raise NotFound(NO_TENANT)
    require_open(viewer, row.closed_at, NO_TENANT)
    return read_tenant(row)


async def lock_home(connection: BaseDBAsyncClient, tenant_id: UUID) -> None:
    """Of a user who comes to it: it is not deleted meanwhile. Raises NotFound."""
    open_ones = Tenant.filter(id=tenant_id, closed_at=None)
    if not await open_ones.using_db(connection).select_for_update(no_key=True).get_or_none():
        raise NotFound(NO_TENANT)


async def lock_user(
    connection: BaseDBAsyncClient, viewer: Viewer, user_id: UUID, missing: str = NO_USER
) -> people.User:
    """To be changed, until the end of the transaction. Whoever does not see a user does not wait for them either.

    Raises NotFound, Forbidden, NotPossible (they were deleted).
    """
    users = User.filter(id=user_id).using_db(connection)
    seen = await users.get_or_none()
    if seen is None or not access.may_know(viewer, seen.id, seen.tenant_id):
        raise NotFound(missing)
    user = read_user(await users.select_for_update(no_key=True).get())
    access.require_may_edit(viewer, user.id, user.role, user.tenant_id)
    require_open(viewer, user.closed_at, missing)
    return user


def require_open(viewer: Viewer, closed_at: datetime | None, missing: str) -> None:
    """NotPossible of what was deleted, for whoever still sees its history; to others it is missing."""
    if closed_at is not None:
        if not access.sees_all(viewer):
            raise NotFound(missing)
        raise NotPossible(f"This was deleted on {closed_at:%Y-%m-%d}: its history stays as it is.")


async def require_another_administrator(connection: BaseDBAsyncClient, user: people.User) -> None:
    """Raises NotPossible where the user is the last active SUPER_ADMIN. Of two who leave at once one sees the other
    gone: they take turns here until their transactions end. Called after the user's row is locked."""
    await connection.execute_query_dict(_ADMINISTRATORS)
    others = User.filter(role=Role.SUPER_ADMIN, active=True, closed_at=None).exclude(id=user.id)
    if not await others.using_db(connection).exists():
        raise NotPossible(f"{user.name} is the last active SUPER_ADMIN: make another one first.")


async def require_free_phone(connection: BaseDBAsyncClient, phone: str, *, but_of: UUID | None = None) -> None:
    """Raises PhoneTaken for a phone that another user has, unless that one was deleted."""
    having = User.filter(phone=phone, closed_at=None)
    if but_of:
        having = having.exclude(id=but_of)
    if await having.using_db(connection).exists():
        raise PhoneTaken(f"The phone {phone} belongs to another user.")


async def retried(work: Callable[[BaseDBAsyncClient], Awaitable[T]]) -> T:
    """Twice: of two that raced for one name, the second now sees the first."""
    try:
        return await write(work)
    except IntegrityError:
        return await write(work)
