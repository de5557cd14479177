"""Tenants and users: making them, and reading them."""

from typing import Annotated
from uuid import UUID

import strawberry

from domain import ids, inputs, people
from domain import wallets as rules
from domain.access import Viewer
from domain.refusals import BadInput
from resolvers import paging
from resolvers.context import Info
from resolvers.named import INPUT, OptionalId, checked_text, found_if_given
from schema.paging import Connection, Page
from schema.people import (
    CreateTenantInput,
    CreateUserInput,
    Tenant,
    TenantPayload,
    TenantResult,
    User,
    UserPayload,
    UserResult,
)
from schema.wallets import Wallet
from services import people as stories
from services import people_queries


@strawberry.type
class PeopleQueries:
    """Who there is."""

    @strawberry.field
    async def user(self, info: Info, user_id: OptionalId = None, phone: str | None = None) -> User | None:
        """By id or by phone."""
        viewer = info.context.signed_in
        _require_one("id or phone", user_id, phone)
        uuid = user_id and ids.read("usr", user_id)
        number = stories.e164(phone) if phone is not None else None
        found = await people_queries.find_user(viewer, user_id=uuid or None, phone=number)
        return User.of(found) if found else None

    @strawberry.field
    async def users(
        self, info: Info, first: int | None = 50, after: str | None = None, search: str | None = None
    ) -> Connection[User]:
        """Newest first; search finds parts of names and phones."""
        return await list_users(info.context.signed_in, Page(first, after), search, None)

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
        self, info: Info, first: int | None = 50, after: str | None = None, search: str | None = None
    ) -> Connection[Tenant]:
        """Newest first; search finds parts of names, and external ids."""
        viewer, asked, text = (
            info.context.signed_in,
            paging.forward(Page(first, after), paging.read_uuid),
            checked_text("search", search),
        )

        async def count() -> int | None:
            return await people_queries.count_tenants(viewer, text)

        rows = await people_queries.list_tenants(viewer, text, asked.limit, asked.key)
        return paging.connection(rows, asked, Tenant.of, lambda row: row.id.hex, count)


@strawberry.type
class PeopleMutations:
    """Who comes and goes."""

    @strawberry.mutation
    async def create_tenant(self, info: Info, asked: Annotated[CreateTenantInput, INPUT]) -> TenantResult:
        """With an externalId, the same input again answers the same tenant."""
        new = stories.NewTenant(
            name=asked.name,
            external_id=asked.external_id,
            currency=asked.currency,
            billing_zone=asked.billing_zone,
            grace_days=asked.grace_days,
            finalization_days=asked.finalization_days,
            billing_delay_hours=asked.billing_delay_hours,
        )
        tenant = await stories.create_tenant(info.context.core, info.context.signed_in, new, dry_run=asked.dry_run)
        dry = asked.dry_run and not await people_queries.load_tenants([tenant.id])
        payload = TenantPayload(tenant=Tenant.of(tenant, dry=dry))
        if dry:
            _give_dry_wallet(payload.tenant, tenant, tenant.currency)
        return payload

    @strawberry.mutation
    async def create_user(self, info: Info, asked: Annotated[CreateUserInput, INPUT]) -> UserResult:
        """Its wallet comes with it."""
        new = stories.NewUser(
            phone=asked.phone,
            name=asked.name,
            password=asked.password,
            email=asked.email,
            role=asked.role,
            tenant_id=found_if_given("ten", asked.tenant_id),
            currency=asked.currency,
        )
        user = await stories.create_user(info.context.core, info.context.signed_in, new, dry_run=asked.dry_run)
        payload = UserPayload(user=User.of(user, dry=asked.dry_run))
        if asked.dry_run:
            _give_dry_wallet(payload.user, user, asked.currency)
        return payload


async def list_users(viewer: Viewer, page: Page, search: str | None, tenant_id: UUID | None) -> Connection[User]:
    """Those that the viewer sees, newest first; of one tenant where it is given."""
    asked, text = paging.forward(page, paging.read_uuid), checked_text("search", search)

    async def count() -> int | None:
        return await people_queries.count_users(viewer, text, tenant_id=tenant_id)

    rows = await people_queries.list_users(viewer, text, asked.limit, asked.key, tenant_id=tenant_id)
    return paging.connection(rows, asked, User.of, lambda row: row.id.hex, count)


def shown_owner(owner: people.Tenant | people.User) -> Tenant | User:
    """As the API shows it."""
    return Tenant.of(owner) if isinstance(owner, people.Tenant) else User.of(owner)


def _give_dry_wallet(shown_owner: Tenant | User, owner: people.Tenant | people.User, currency: str) -> None:
    """What a dry run would make leads to the wallet that it would make, and back."""
    state = rules.WalletState(0, owner.created_at, 0, 0, 0)
    would_be = rules.Wallet(owner.id, stories.iso_currency(currency), state, owner.created_at)
    shown_owner.dry_wallet = wallet = Wallet.of(would_be, dry=True)
    wallet.dry_owner = shown_owner


def _require_one(names: str, one: str | None, other: str | None) -> None:
    if (one is None) == (other is None):
        raise BadInput(f"Give {names}: one of them.")
