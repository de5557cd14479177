"""Tenants and users: making, changing and deleting them, and the vehicles of users."""

from typing import Annotated, Any, cast

import strawberry
from strawberry.utils.str_converters import to_camel_case

from domain import access, people
from domain.people import TenantChanges, UserChanges
from domain.refusals import BadInput
from domain.wallets import new_wallet
from resolvers.context import Info
from resolvers.named import INPUT, Id, found, found_if_given
from schema.people import Tenant, TenantPayload, TenantResult, User, UserPayload, UserResult, Vehicle
from schema.people_inputs import CreateTenantInput, CreateUserInput, UpdateTenantInput, UpdateUserInput
from schema.wallets import Wallet
from services import deletion, people_changes, people_queries, vehicles
from services import people as stories
from services.people_input import NewTenant, NewUser, iso_currency
from services.vehicles import UserVehicles


@strawberry.type
class PeopleMutations:
    """Who comes and goes."""

    @strawberry.mutation
    async def create_tenant(self, info: Info, asked: Annotated[CreateTenantInput, INPUT]) -> TenantResult:
        """With an externalId, the same input again answers the same tenant."""
        new = NewTenant(
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
    async def update_tenant(
        self, info: Info, tenant_id: Id, asked: Annotated[UpdateTenantInput, INPUT], dry_run: bool = False
    ) -> TenantResult:
        """What is not given stays."""
        context, changes = info.context, cast(TenantChanges, _given(asked))
        tenant = await people_changes.update_tenant(
            context.core, context.signed_in, found("ten", tenant_id), changes, dry_run=dry_run
        )
        return TenantPayload(tenant=Tenant.of(tenant))

    @strawberry.mutation
    async def delete_tenant(self, info: Info, tenant_id: Id, dry_run: bool = False) -> TenantResult:
        """Refused while it holds money, owes any, or has unbilled usage; history is kept. Its users go with it."""
        context = info.context
        tenant = await deletion.delete_tenant(context.core, context.signed_in, found("ten", tenant_id), dry_run=dry_run)
        return TenantPayload(tenant=Tenant.of(tenant))

    @strawberry.mutation
    async def register(
        self,
        info: Info,
        phone: str,
        name: str,
        password: str,
        email: str | None = None,
        dry_run: bool = False,
    ) -> UserResult:
        """An account of one's own, where an administrator has opened this to all: a MEMBER of no tenant.

        It is not signed in, but in the rest of this request it is who asks, unless somebody does already.
        """
        context, asked = info.context, NewUser(phone, name, password, email)
        user = await stories.register(context.core, asked, address=context.address, dry_run=dry_run)
        if context.viewer is None:
            context.viewer = access.viewer_of_user(user.id, user.role, None, None)
        return _made(user, asked.currency, dry_run=dry_run)

    @strawberry.mutation
    async def create_user(self, info: Info, asked: Annotated[CreateUserInput, INPUT]) -> UserResult:
        """Its wallet comes with it."""
        new = NewUser(
            phone=asked.phone,
            name=asked.name,
            password=asked.password,
            email=asked.email,
            role=asked.role,
            tenant_id=found_if_given("ten", asked.tenant_id),
            currency=asked.currency,
        )
        user = await stories.create_user(info.context.core, info.context.signed_in, new, dry_run=asked.dry_run)
        return _made(user, asked.currency, dry_run=asked.dry_run)

    @strawberry.mutation
    async def update_user(
        self, info: Info, user_id: Id, asked: Annotated[UpdateUserInput, INPUT], dry_run: bool = False
    ) -> UserResult:
        """What is not given stays. A new password, role or tenant, and suspending end the user's sessions."""
        context, changes = info.context, _given(asked, "email", "tenant_id")
        password = changes.pop("password", None)
        if "tenant_id" in changes:
            changes["tenant_id"] = found_if_given("ten", changes["tenant_id"])
        user = await people_changes.update_user(
            context.core,
            context.signed_in,
            found("usr", user_id),
            cast(UserChanges, changes),
            password,
            dry_run=dry_run,
        )
        return UserPayload(user=User.of(user))

    @strawberry.mutation
    async def delete_user(self, info: Info, user_id: Id, dry_run: bool = False) -> UserResult:
        """Refused while its wallet holds money or owes any; history is kept, its phone becomes free."""
        context = info.context
        user = await deletion.delete_user(context.core, context.signed_in, found("usr", user_id), dry_run=dry_run)
        return UserPayload(user=User.of(user))

    @strawberry.mutation
    async def add_vehicle(
        self, info: Info, user_id: strawberry.ID, registration: str, name: str = "", dry_run: bool = False
    ) -> UserResult:
        """Adds a vehicle to a user: each registration once, 100 at most."""
        context, uuid = info.context, found("usr", user_id)
        theirs = await vehicles.add_vehicle(context.core, context.signed_in, uuid, registration, name, dry_run=dry_run)
        return _with_vehicles(theirs, dry_run=dry_run)

    @strawberry.mutation
    async def remove_vehicle(self, info: Info, vehicle_id: Id, dry_run: bool = False) -> UserResult:
        """Removes a vehicle from its user."""
        context, uuid = info.context, found("veh", vehicle_id)
        theirs = await vehicles.remove_vehicle(context.core, context.signed_in, uuid, dry_run=dry_run)
        return _with_vehicles(theirs, dry_run=dry_run)


def _given(asked: UpdateTenantInput | UpdateUserInput, *nullable: str) -> dict[str, Any]:
    """What the request names, less what it leaves as it is."""
    given = {field: value for field, value in vars(asked).items() if value is not strawberry.UNSET}
    for field, value in given.items():
        if value is None and field not in nullable:
            raise BadInput(f"{to_camel_case(field)} takes a value: to keep it as it is, leave it out.")
    return given


def _made(user: people.User, currency: str, *, dry_run: bool) -> UserPayload:
    payload = UserPayload(user=User.of(user, dry=dry_run))
    if dry_run:
        _give_dry_wallet(payload.user, user, currency)
    return payload


def _give_dry_wallet(shown_owner: Tenant | User, owner: people.Tenant | people.User, currency: str) -> None:
    """What a dry run would make leads to the wallet that it would make, and back."""
    would_be = new_wallet(owner.id, iso_currency(currency), owner.created_at)
    shown_owner.dry_wallet = wallet = Wallet.of(would_be, dry=True)
    wallet.dry_owner = shown_owner


def _with_vehicles(theirs: UserVehicles, *, dry_run: bool) -> UserPayload:
    user = User.of(theirs.user)
    if dry_run:
        user.dry_vehicles = [Vehicle.of(one, dry=one == theirs.added) for one in theirs.vehicles]
    return UserPayload(user=user)
