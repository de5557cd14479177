"""Sessions of people, and tokens for programs."""

from datetime import datetime
from typing import Annotated

import strawberry

from schema.context import Info
from schema.node import Node
from schema.people import Tenant, User
from schema.refusals import NotPossible


@strawberry.input
class CreateApiTokenInput:
    """For a program of the client's."""

    name: str
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Bound to this tenant; null for an administrator's token."
    )
    permissions: list[str]
    expires_at: datetime | None = None


@strawberry.type
class SignedIn:
    """A new session."""

    token: str = strawberry.field(
        description="For the Authorization header (Bearer) and for connection_init's payload."
    )
    user: User
    expires_at: datetime


@strawberry.type
class Session(Node):
    """A place that the caller is signed in at."""

    current: bool = strawberry.field(description="Whether it is the one that asks.")
    address: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime = strawberry.field(description="When it last asked for something, to half a minute.")


@strawberry.type
class PasswordStrength:
    """What a new password would meet."""

    power: int = strawberry.field(
        description="How many guesses it takes whoever knows what people choose, as a power of ten: 8 is enough."
    )
    problem: str | None = strawberry.field(description="Why it would be refused, and what to do; null: it would not.")


@strawberry.type
class ApiToken(Node):
    """A program's: what it is recognised by, never itself."""

    name: str
    tenant_id: strawberry.Private[strawberry.ID | None]
    permissions: list[str] = strawberry.field(
        description="What it was given; it may do no more of it than its maker may at the time."
    )
    prefix: str = strawberry.field(description="The first characters, to recognise it by.")
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = strawberry.field(description="When it was last used, to half a minute.")
    revoked_at: datetime | None

    @strawberry.field
    async def tenant(self, info: Info) -> Tenant | None:
        """Null where it is bound to none."""
        return await info.context.edges.token_tenant(self)


@strawberry.type
class ApiTokenPayload:
    """A new token."""

    id: strawberry.ID
    token: str = strawberry.field(description="Shown this once.")


SignInResult = Annotated[SignedIn | NotPossible, strawberry.union("SignInResult")]
ApiTokenResult = Annotated[ApiTokenPayload | NotPossible, strawberry.union("ApiTokenResult")]
