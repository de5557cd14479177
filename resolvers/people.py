"""Tenants and users: reading them."""

from uuid import UUID

import strawberry

from domain import ids, inputs, people
from domain.access import Viewer
from domain.refusals import BadInput
from resolvers import paging
from resolvers.context import Info
from resolvers.named import OptionalId, checked_text, named_tenant
from schema.paging import Connection, Page
from schema.people import Tenant, User
from services import people_queries
from services.people_input import e164


@strawberry.type
class PeopleQueries:
    """Who there is."""

    @strawberry.field
    async def user(self, info: Info, user_id: OptionalId = None, phone: str | None = None) -> User | None:
        """By id or by phone."""
        viewer = info.context.signed_in
        _require_one("id or phone", user_id, phone)
        uuid = user_id and ids.read("usr", user_id)
        number = e164(phone) if phone is not None else None
        found = await people_queries.find_user(viewer, user_id=uuid or None, phone=number)
        return User.of(found) if found else None

    @strawberry.field
    async def users(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        search: str | None = None,
        tenant_id: strawberry.ID | None = None,
        active: bool | None = None,
    ) -> Connection[User]:
        """Newest first; search finds parts of names and phones."""
        of = named_tenant(tenant_id)
        return await list_users(info.context.signed_in, Page(first, after), search, of, active=active)

    @strawberry.field
    async def tenant(self, info: Info, tenant_id: OptionalId = None, external_id: str | None = None) -> Tenant | None:
        """By id or by the client's own name for it."""
        viewer = info.context.signed_in
        _require_one("id or externalId", tenant_id, external_id)
        uuid = tenant_id and ids.read("ten", tenant_id)
        name = inputs.text("externalId", external_id, inputs.LONGEST_KEY) if external_id is not None else None
        found = await people_queries.find_tenant(viewer, tenant_id=uuid or None, external_id=name)
        return Tenant.of(found) if found else None

    @strawberry.field
    async def tenants(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        search: str | None = None,
        active: bool | None = None,
    ) -> Connection[Tenant]:
        """Newest first; search finds parts of names, and external ids."""
        viewer, asked, text = (
            info.context.signed_in,
            paging.forward(Page(first, after), paging.read_uuid),
            checked_text("search", search),
        )

        async def count() -> int | None:
            return await people_queries.count_tenants(viewer, text, active=active)

        rows = await people_queries.list_tenants(viewer, text, asked.limit, asked.key, active=active)
        return paging.connection(rows, asked, Tenant.of, lambda row: row.id.hex, count)


async def list_users(
    viewer: Viewer, page: Page, search: str | None, tenant_id: UUID | None, *, active: bool | None = None
) -> Connection[User]:
    """Those that the viewer sees, newest first; of one tenant where it is given."""
    asked, text = paging.forward(page, paging.read_uuid), checked_text("search", search)

    async def count() -> int | None:
        return await people_queries.count_users(viewer, text, tenant_id=tenant_id, active=active)

    rows = await people_queries.list_users(viewer, text, asked.limit, asked.key, tenant_id=tenant_id, active=active)
    return paging.connection(rows, asked, User.of, lambda row: row.id.hex, count)


def shown_owner(owner: people.Tenant | people.User) -> Tenant | User:
    """As the API shows it."""
    return Tenant.of(owner) if isinstance(owner, people.Tenant) else User.of(owner)


def _require_one(names: str, one: str | None, other: str | None) -> None:
    if (one is None) == (other is None):
        raise BadInput(f"Give {names}: one of them.")
