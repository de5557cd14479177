"""Who asks: signing in and out, and tokens for programs."""

from typing import Annotated

import strawberry

from domain import ids
from resolvers.context import Info
from resolvers.named import INPUT, found_if_given
from schema.access import ApiTokenPayload, ApiTokenResult, CreateApiTokenInput, SignedIn, SignInResult
from schema.node import shown
from schema.people import User
from services import api_tokens, people_queries, sessions
from services import sign_in as signing_in


@strawberry.type
class AccessQueries:
    """Who asks."""

    @strawberry.field
    async def viewer(self, info: Info) -> User | None:
        """The signed-in user; null for nobody and for tokens."""
        viewer = info.context.viewer
        if viewer is None or viewer.user_id is None:
            return None
        found = (await people_queries.load_users([viewer.user_id])).get(viewer.user_id)
        return User.of(found) if found else None


@strawberry.type
class AccessMutations:
    """Who may ask."""

    @strawberry.mutation
    async def sign_in(self, info: Info, phone: str, password: str) -> SignInResult:
        """A new session; what else this request asks for is asked by it."""
        context = info.context
        signed = await signing_in.sign_in(
            context.core, phone, password, address=context.address, user_agent=context.user_agent
        )
        context.viewer, context.token = signed.viewer, signed.token
        return SignedIn(token=signed.token, user=User.of(signed.user), expires_at=signed.expires_at)

    @strawberry.mutation
    async def sign_out(self, info: Info) -> bool:
        """Ends the session that asks."""
        context = info.context
        await sessions.sign_out(context.core, context.shared.viewers, context.signed_in)
        context.viewer = None
        return True

    @strawberry.mutation
    async def create_api_token(self, info: Info, asked: Annotated[CreateApiTokenInput, INPUT]) -> ApiTokenResult:
        """Shown this once."""
        viewer, tenant_id = info.context.signed_in, found_if_given("ten", asked.tenant_id)
        token_id, token = await api_tokens.create_api_token(
            info.context.core, viewer, asked.name, tenant_id, asked.permissions, asked.expires_at
        )
        return ApiTokenPayload(id=shown(ids.make("tok", token_id)), token=token)
