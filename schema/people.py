"""Users and tenants: who owns wallets and who may look at them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import access, ids, people
from schema.context import Info
from schema.enums import InvoiceStatus, Role
from schema.links import (
    ApiTokenLink,
    DailyUsageLink,
    InvoiceLink,
    MonthlyUsageLink,
    PriceLink,
    UnbilledMonthLink,
    WalletLink,
)
from schema.node import Node, shown
from schema.paging import Connection, Page
from schema.refusals import NotPossible
from schema.scalars import Month

if TYPE_CHECKING:
    from schema.wallets import Wallet

_PERMISSIONS = """\
What the role allows, spelled out: wallet:read wallet:topup wallet:adjust wallet:transfer wallet:reverse wallet:lock
hold:write price:read price:write usage:read usage:write invoice:read invoice:write billing:run user:read user:write
tenant:read tenant:write token:write audit:read alert:read alert:write"""


_DELETED = "When it was deleted: its history stays. Null for what there is."


@strawberry.type
class Vehicle(Node):
    """What a person drives."""

    registration: str = strawberry.field(description="What is on the plate, in capitals.")
    name: str

    @classmethod
    def of(cls, vehicle: people.Vehicle, *, dry: bool = False) -> "Vehicle":
        """A vehicle, as the API shows it."""
        made = ids.make("veh", vehicle.id)
        return cls(id=shown(made, dry=dry), registration=vehicle.registration, name=vehicle.name)


@strawberry.type
class User(Node):
    """A person."""

    phone: str = strawberry.field(description="E.164, unique: the name a person signs in with.")
    name: str
    email: str | None
    role: Role
    permissions: list[str] = strawberry.field(description=_PERMISSIONS)
    tenant_id: strawberry.Private[strawberry.ID | None]
    active: bool = strawberry.field(description="A suspended user cannot sign in; nothing else changes.")
    created_at: datetime
    closed_at: datetime | None = strawberry.field(default=None, description=_DELETED)
    dry_wallet: strawberry.Private["Wallet | None"] = None
    dry_vehicles: strawberry.Private[list[Vehicle] | None] = None

    @classmethod
    def of(cls, user: people.User, *, dry: bool = False) -> "User":
        """A person, as the API shows them."""
        return cls(
            id=shown(ids.make("usr", user.id), dry=dry),
            phone=user.phone,
            name=user.name,
            email=user.email,
            role=user.role,
            permissions=sorted(access.PERMISSIONS[user.role]),
            tenant_id=shown(ids.make("ten", user.tenant_id)) if user.tenant_id else None,
            active=user.active,
            created_at=user.created_at,
            closed_at=user.closed_at,
        )

    @strawberry.field
    async def tenant(self, info: Info) -> Annotated["Tenant", strawberry.lazy("schema.people")] | None:
        """Null for a person of their own."""
        return await info.context.edges.user_tenant(self)

    @strawberry.field
    async def vehicles(self, info: Info) -> list[Vehicle]:
        """By registration."""
        if self.dry_vehicles is not None:
            return self.dry_vehicles
        return await info.context.edges.user_vehicles(self)

    @strawberry.field
    async def wallet(self, info: Info) -> WalletLink | None:
        """Null only between an import and create-missing-wallets."""
        return self.dry_wallet or await info.context.edges.user_wallet(self)


@strawberry.type
class Tenant(Node):
    """An organisation that is billed."""

    name: str
    currency: str
    external_id: str | None = strawberry.field(description="The client's own name for it, unique.")
    active: bool
    billing_zone: str = strawberry.field(
        description="IANA zone in which its months begin and end; "
        "frozen once a usage event or an invoice exists, or a month is closed."
    )
    grace_days: int = strawberry.field(description="Days between an uncovered invoice and the lock.")
    finalization_days: int = strawberry.field(
        description="Days that a covered invoice is PENDING, its amount held, before it is collected."
    )
    billing_delay_hours: int = strawberry.field(
        description="Hours after a month's end at which the server bills it by itself."
    )
    created_at: datetime
    closed_at: datetime | None = strawberry.field(default=None, description=_DELETED)
    dry_wallet: strawberry.Private["Wallet | None"] = None

    @classmethod
    def of(cls, tenant: people.Tenant, *, dry: bool = False) -> "Tenant":
        """An organisation, as the API shows it."""
        return cls(
            id=shown(ids.make("ten", tenant.id), dry=dry),
            name=tenant.name,
            currency=tenant.currency,
            external_id=tenant.external_id,
            active=tenant.active,
            billing_zone=tenant.billing_zone,
            grace_days=tenant.grace_days,
            finalization_days=tenant.finalization_days,
            billing_delay_hours=tenant.billing_delay_hours,
            created_at=tenant.created_at,
            closed_at=tenant.closed_at,
        )

    @strawberry.field
    async def wallet(self, info: Info) -> WalletLink:
        """Made with its owner."""
        return self.dry_wallet or await info.context.edges.tenant_wallet(self)

    @strawberry.field
    async def prices(
        self,
        info: Info,
        service: str | None = None,
        at: datetime | None = None,
        first: int | None = 100,
        after: str | None = None,
    ) -> Connection[PriceLink]:
        """The timelines, oldest stretch first; with at, the stretches in force at that instant."""
        return await info.context.edges.tenant_prices(self, Page(first, after), service, at)

    @strawberry.field
    async def usage(
        self,
        info: Info,
        since: Annotated[Month | None, strawberry.argument(name="from")] = None,
        until: Month | None = None,
        first: int | None = 24,
        after: str | None = None,
    ) -> Connection[MonthlyUsageLink]:
        """Newest month first."""
        return await info.context.edges.tenant_usage(self, Page(first, after), since, until)

    @strawberry.field
    async def invoices(
        self,
        info: Info,
        status: InvoiceStatus | None = None,
        first: int | None = 50,
        after: str | None = None,
    ) -> Connection[InvoiceLink]:
        """Newest first."""
        return await info.context.edges.tenant_invoices(self, Page(first, after), status)

    @strawberry.field
    async def users(self, info: Info, first: int | None = 50, after: str | None = None) -> Connection[User]:
        """Its people."""
        return await info.context.edges.tenant_users(self, Page(first, after))

    @strawberry.field
    async def usage_by_day(self, info: Info, month: Month) -> list[DailyUsageLink]:
        """A month's usage by day of the billing zone, then by service."""
        return await info.context.edges.tenant_usage_by_day(self, month)

    @strawberry.field
    async def unbilled_months(self, info: Info, first: int | None = 36) -> list[UnbilledMonthLink]:
        """Newest first: the one that runs, then those that are over and not closed yet."""
        return await info.context.edges.tenant_unbilled_months(self, first)

    @strawberry.field
    async def api_tokens(
        self, info: Info, first: int | None = 50, after: str | None = None
    ) -> Connection[ApiTokenLink]:
        """Those bound to it, newest first, the revoked ones too."""
        return await info.context.edges.tenant_api_tokens(self, Page(first, after))


WalletOwner = Annotated[User | Tenant, strawberry.union("WalletOwner")]


@strawberry.type
class TenantPayload:
    """A tenant as it now stands."""

    tenant: Tenant


@strawberry.type
class UserPayload:
    """A user as it now stands."""

    user: User


TenantResult = Annotated[TenantPayload | NotPossible, strawberry.union("TenantResult")]
UserResult = Annotated[UserPayload | NotPossible, strawberry.union("UserResult")]
