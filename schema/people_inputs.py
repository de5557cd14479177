"""What is sent of users and tenants. In a change, what is not given stays."""

import strawberry

from schema.enums import Role


@strawberry.input
class CreateTenantInput:
    """Its wallet comes with it."""

    name: str
    external_id: str | None = None
    currency: str = "INR"
    billing_zone: str = "UTC"
    grace_days: int = 0
    finalization_days: int = 0
    billing_delay_hours: int = 1
    dry_run: bool = False


@strawberry.input
class CreateUserInput:
    """A user's wallet comes with them."""

    phone: str
    name: str
    password: str
    email: str | None = None
    role: Role = Role.MEMBER
    tenant_id: strawberry.ID | None = None
    currency: str = strawberry.field(default="INR", description="Of its wallet.")
    dry_run: bool = False


@strawberry.input
class UpdateTenantInput:
    """What is not given stays. Nothing here takes null."""

    name: str | None = strawberry.UNSET
    billing_zone: str | None = strawberry.UNSET
    grace_days: int | None = strawberry.UNSET
    finalization_days: int | None = strawberry.UNSET
    billing_delay_hours: int | None = strawberry.UNSET
    active: bool | None = strawberry.field(
        default=strawberry.UNSET, description="False: its users and tokens are refused; billing goes on."
    )


@strawberry.input
class UpdateUserInput:
    """What is not given stays. Null takes the e-mail away, or the user out of their tenant; nothing else takes it."""

    phone: str | None = strawberry.UNSET
    name: str | None = strawberry.UNSET
    email: str | None = strawberry.UNSET
    password: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Set anew by an administrator; one's own is changed with changePassword.",
    )
    role: Role | None = strawberry.UNSET
    tenant_id: strawberry.ID | None = strawberry.UNSET
    active: bool | None = strawberry.UNSET
