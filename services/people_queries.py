"""Reading tenants and users."""

from collections.abc import Sequence
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain import access, people
from domain.access import Viewer
from models.people import Tenant, User, Vehicle
from services.database import COUNT_LIMIT, reading
from services.owner_names import named
from services.people_rows import read_tenant, read_user, read_vehicle

_BETWEEN_DIGITS = str.maketrans("", "", " ()-./")
"""How people write phones, which are kept without."""


async def has_users() -> bool:
    """Whether the store has been used."""
    return await reading(User.exists)


async def load_tenants(tenant_ids: Sequence[UUID]) -> dict[UUID, people.Tenant]:
    """Whoever asks."""
    rows = await reading(lambda: Tenant.filter(id__in=tenant_ids))
    return {row.id: read_tenant(row) for row in rows}


async def load_users(user_ids: Sequence[UUID]) -> dict[UUID, people.User]:
    """Whoever asks."""
    rows = await reading(lambda: User.filter(id__in=user_ids))
    return {row.id: read_user(row) for row in rows}


async def find_tenant(viewer: Viewer, *, tenant_id: UUID | None, external_id: str | None) -> people.Tenant | None:
    """By one or the other; None for what is missing and for what the viewer does not see."""
    if tenant_id is None and external_id is None:
        return None
    asked = Q(id=tenant_id) if tenant_id else Q(external_id=external_id, closed_at=None)
    row = await reading(lambda: Tenant.get_or_none(asked))
    if row is None or not access.reads(viewer, "tenant:read", row.id) or not _shows(viewer, row):
        return None
    return read_tenant(row)


async def find_user(viewer: Viewer, *, user_id: UUID | None, phone: str | None) -> people.User | None:
    """By one or the other; None for what is missing and for what the viewer does not see."""
    if user_id is None and phone is None:
        return None
    asked = Q(id=user_id) if user_id else Q(phone=phone, closed_at=None)
    row = await reading(lambda: User.get_or_none(asked))
    if row is None or not access.sees_user(viewer, row.id, row.tenant_id) or not _shows(viewer, row):
        return None
    return read_user(row)


async def find_vehicle(viewer: Viewer, vehicle_id: UUID) -> people.Vehicle | None:
    """None for what is missing and for what is of a user whom the viewer does not see."""
    row = await reading(lambda: Vehicle.get_or_none(id=vehicle_id))
    owner = await find_user(viewer, user_id=row.user_id, phone=None) if row else None
    return read_vehicle(row) if row and owner else None


async def load_vehicles(user_ids: Sequence[UUID]) -> dict[UUID, list[people.Vehicle]]:
    """By user and registration, whoever asks."""
    found: dict[UUID, list[people.Vehicle]] = {user_id: [] for user_id in user_ids}
    for row in await reading(lambda: Vehicle.filter(user_id__in=user_ids).order_by("registration")):
        found[row.user_id].append(read_vehicle(row))
    return found


def _shows(viewer: Viewer, row: Tenant | User) -> bool:
    """The history of what was deleted is for those who see all."""
    return row.closed_at is None or access.sees_all(viewer)


async def list_tenants(
    viewer: Viewer, search: str | None, limit: int, after: UUID | None, *, active: bool | None = None
) -> list[people.Tenant]:
    """Those that the viewer sees, newest first; the active or the suspended ones where it is given."""
    query = _tenants(viewer, search, active, await named(viewer, search, of_tenant=True))
    if after is not None:
        query = query.filter(id__lt=after)
    return [read_tenant(row) for row in await reading(lambda: query.order_by("-id").limit(limit))]


async def count_tenants(viewer: Viewer, search: str | None, *, active: bool | None = None) -> int | None:
    """None beyond 10,000."""
    return await _capped(_tenants(viewer, search, active, await named(viewer, search, of_tenant=True)))


async def list_users(
    viewer: Viewer,
    search: str | None,
    limit: int,
    after: UUID | None,
    *,
    tenant_id: UUID | None = None,
    active: bool | None = None,
) -> list[people.User]:
    """Those that the viewer sees, newest first; of one tenant, active or suspended, where it is given."""
    query = _users(viewer, search, tenant_id, active, await named(viewer, search, of_tenant=False))
    if after is not None:
        query = query.filter(id__lt=after)
    return [read_user(row) for row in await reading(lambda: query.order_by("-id").limit(limit))]


async def count_users(
    viewer: Viewer, search: str | None, *, tenant_id: UUID | None = None, active: bool | None = None
) -> int | None:
    """None beyond 10,000."""
    return await _capped(_users(viewer, search, tenant_id, active, await named(viewer, search, of_tenant=False)))


def _tenants(viewer: Viewer, search: str | None, active: bool | None, having: list[UUID] | None) -> QuerySet[Tenant]:
    query = Tenant.filter(closed_at=None)
    if active is not None:
        query = query.filter(active=active)
    if not access.holds(viewer, "tenant:read"):
        return query.filter(id__in=[])
    if viewer.home is not None:
        query = query.filter(id=viewer.home)
    if not search or not (text := search.strip()):
        return query
    has_name = Q(name__icontains=text) if having is None else Q(id__in=having)
    return query.filter(has_name | Q(external_id=text))


def _users(
    viewer: Viewer, search: str | None, tenant_id: UUID | None, active: bool | None, having: list[UUID] | None
) -> QuerySet[User]:
    """`having`: those whose names or phones have the text, where they are known already."""
    query = User.filter(closed_at=None)
    if active is not None:
        query = query.filter(active=active)
    if not access.holds(viewer, "user:read"):
        query = query.filter(id__in=[viewer.user_id] if viewer.user_id else [])
    elif viewer.home is not None:
        query = query.filter(tenant_id=viewer.home)
    if tenant_id is not None:
        query = query.filter(tenant_id=tenant_id)
    if not search or not (text := search.strip()):
        return query
    if having is not None:
        return query.filter(id__in=having)
    digits = text.translate(_BETWEEN_DIGITS)
    has_name = Q(name__icontains=text)
    return query.filter(has_name | Q(phone__contains=digits) if digits else has_name)


async def _capped(query: QuerySet[Tenant] | QuerySet[User]) -> int | None:
    found = len(await reading(lambda: query.limit(COUNT_LIMIT + 1).values_list("id", flat=True)))
    return found if found <= COUNT_LIMIT else None
