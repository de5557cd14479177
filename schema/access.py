"""Signing in, and tokens for programs."""

from datetime import datetime
from typing import Annotated

import strawberry

from schema.people import User
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
class ApiTokenPayload:
    """A new token."""

    id: strawberry.ID
    token: str = strawberry.field(description="Shown this once.")


SignInResult = Annotated[SignedIn | NotPossible, strawberry.union("SignInResult")]
ApiTokenResult = Annotated[ApiTokenPayload | NotPossible, strawberry.union("ApiTokenResult")]
