"""Who asks: people's sessions and passwords, and tokens for programs."""

from typing import Annotated

import strawberry

from domain import access, ids, inputs, people
from domain.access import Viewer
from domain.refusals import BadInput
from resolvers.context import Info
from resolvers.named import INPUT, Id, found, found_if_given
from resolvers.paging import MOST
from schema.access import (
    ApiToken,
    ApiTokenPayload,
    ApiTokenResult,
    CreateApiTokenInput,
    PasswordStrength,
    Session,
    SignedIn,
    SignInResult,
)
from schema.node import shown
from schema.people import User, UserPayload, UserResult
from services import api_tokens, passwords, people_queries, sessions
from services import sign_in as signing_in
from services.api_tokens import TokenRecord
from services.sessions import LiveSession

MOST_WORDS = 5
"""About a person that a password must not be made of."""


@strawberry.type
class AccessQueries:
    """Who asks."""

    @strawberry.field
    async def viewer(self, info: Info) -> User | None:
        """The signed-in user; null for nobody and for tokens."""
        found = await _user(info.context.viewer)
        return User.of(found) if found else None

    @strawberry.field
    async def sessions(self, info: Info) -> list[Session]:
        """The caller's own that have not ended, newest first; a token has none."""
        viewer = info.context.signed_in
        return [shown_session(one, viewer) for one in await sessions.list_sessions(info.context.core, viewer)]

    @strawberry.field
    async def api_tokens(
        self, info: Info, first: int | None = MOST, after: strawberry.ID | None = None
    ) -> list[ApiToken]:
        """Newest first, the revoked ones too; `after` takes the id of the last one of the page before."""
        size = inputs.within("first", MOST if first is None else first, 1, MOST)
        last = None if after is None else ids.read("tok", after)
        if after is not None and last is None:
            raise BadInput("after takes the id of a token: tok_ and 32 digits.")
        return [shown_token(one) for one in await api_tokens.list_api_tokens(info.context.signed_in, size, last)]

    @strawberry.field
    async def grantable_permissions(self, info: Info, tenant_id: strawberry.ID | None = None) -> list[str]:
        """What the caller may put into a token that is bound to this tenant, or to none."""
        viewer, uuid = info.context.signed_in, ids.read("ten", tenant_id or "")
        if tenant_id is not None and uuid is None:
            return []
        return sorted(access.grantable(viewer, uuid)) if access.holds(viewer, "token:write") else []

    @strawberry.field
    async def password_strength(self, info: Info, password: str, about: list[str] | None = None) -> PasswordStrength:
        """Of a new password as it is being typed: the caller's or, with `about` (a phone, a name), somebody else's."""
        viewer = info.context.signed_in
        words = [inputs.text("about", text, inputs.LONGEST_NAME) for text in about or ()]
        inputs.within("the number of words in about", len(words), 0, MOST_WORDS)
        if about is None and (themselves := await _user(viewer)) is not None:
            words = [themselves.phone, themselves.name]
        strength = await passwords.judge(password, *words)
        return PasswordStrength(power=strength.power, problem=strength.problem)


@strawberry.type
class AccessMutations:
    """Who may ask."""

    @strawberry.mutation
    async def sign_in(self, info: Info, phone: str, password: str) -> SignInResult:
        """Begins a session; the fields after it in this request are asked by it."""
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
        await sessions.sign_out(context.core, context.signed_in)
        context.viewer = None
        return True

    @strawberry.mutation
    async def end_session(self, info: Info, session_id: Id) -> bool:
        """Ends one of the caller's own sessions."""
        context, uuid = info.context, found("ses", session_id)
        await sessions.end_session(context.core, context.signed_in, uuid, "endSession")
        return True

    @strawberry.mutation
    async def end_other_sessions(self, info: Info) -> int:
        """Ends the caller's sessions but the one that asks; how many those were."""
        return await sessions.end_other_sessions(info.context.core, info.context.signed_in)

    @strawberry.mutation
    async def change_password(self, info: Info, old: str, new: str) -> UserResult:
        """Ends the caller's other sessions."""
        context = info.context
        user = await signing_in.change_password(context.core, context.signed_in, old, new, address=context.address)
        return UserPayload(user=User.of(user))

    @strawberry.mutation
    async def create_api_token(self, info: Info, asked: Annotated[CreateApiTokenInput, INPUT]) -> ApiTokenResult:
        """Makes a token for a program. Its text is shown in this answer only."""
        viewer, tenant_id = info.context.signed_in, found_if_given("ten", asked.tenant_id)
        token_id, token = await api_tokens.create_api_token(
            info.context.core, viewer, asked.name, tenant_id, asked.permissions, asked.expires_at
        )
        return ApiTokenPayload(id=shown(ids.make("tok", token_id)), token=token)

    @strawberry.mutation
    async def revoke_api_token(self, info: Info, token_id: Id) -> bool:
        """Ends a token and its streams. It stays in the list."""
        context, uuid = info.context, found("tok", token_id)
        await api_tokens.revoke_api_token(context.core, context.signed_in, uuid)
        return True


async def _user(viewer: Viewer | None) -> people.User | None:
    if viewer is None or viewer.user_id is None:
        return None
    return (await people_queries.load_users([viewer.user_id])).get(viewer.user_id)


def shown_session(session: LiveSession, viewer: Viewer) -> Session:
    """As the API shows it."""
    return Session(
        id=shown(ids.make("ses", session.id)),
        current=session.id == viewer.credential,
        address=session.address,
        user_agent=session.user_agent,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
    )


def shown_token(token: TokenRecord) -> ApiToken:
    """As the API shows it."""
    return ApiToken(
        id=shown(ids.make("tok", token.id)),
        name=token.name,
        tenant_id=shown(ids.make("ten", token.tenant_id)) if token.tenant_id else None,
        permissions=token.permissions,
        prefix=token.prefix,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        revoked_at=token.revoked_at,
    )
