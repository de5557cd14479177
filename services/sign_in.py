"""Signing in, and changing one's password."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q

from domain import access, ids, people
from domain.access import Role, Viewer
from domain.refusals import BadInput, Forbidden, NotPossible
from domain.sign_in import MOST_SESSIONS, SESSION_DAYS
from models.access import Session
from models.people import User
from services import attempts, audit, passwords, sessions
from services.core import Core
from services.database import now, reading, write
from services.identity import new_uuid
from services.people_input import e164
from services.people_rows import read_user
from services.viewers import Viewers, hash_token

_WRONG = "The phone or the password is wrong."
_NO_PHONE = ""  # that nobody has: looked up all the same, since what is no phone must take as long
# As services/viewers.py has it: the session of anyone else would stand for nobody.
_MAY_ENTER = Q(active=True, closed_at=None) & (Q(tenant_id=None) | Q(tenant__active=True, tenant__closed_at=None))
# Locked until the session is there: whoever changes the password or the user meanwhile ends it too, or comes first.
_STILL = "SELECT 1 FROM users WHERE id = $1 AND password_hash = $2 AND active AND closed_at IS NULL FOR NO KEY UPDATE"
_END_OLDEST = """
UPDATE sessions SET ended_at = $2 WHERE id IN (
    SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL ORDER BY id DESC OFFSET $3
)
"""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The token is shown this once."""

    token: str
    user: people.User
    expires_at: datetime
    viewer: Viewer


async def sign_in(core: Core, phone: str, password: str, *, address: str, user_agent: str) -> SignedIn:
    """A new session. Raises RateLimited, and NotPossible, alike for an unknown phone, a wrong password and whoever is
    suspended."""
    number = _number(phone)
    attempt = await attempts.admit(core, number or phone[:40], address)
    user = await reading(lambda: User.filter(_MAY_ENTER, phone=number).first())
    right = await passwords.is_right(password, user.password_hash if user else None)
    if not right or user is None:
        raise NotPossible(_WRONG)
    return await _new_session(core, user, attempt, address[:64], user_agent[:255])


def _number(phone: str) -> str:
    try:
        return e164(phone)
    except BadInput:
        return _NO_PHONE


async def _new_session(core: Core, user: User, attempt: attempts.Attempt, address: str, user_agent: str) -> SignedIn:
    token = f"tjs_{secrets.token_urlsafe(32)}"
    session_id = new_uuid()
    viewer = access.viewer_of_user(user.id, Role(user.role), user.tenant_id, session_id)

    async def work(connection: BaseDBAsyncClient) -> datetime:
        if not await connection.execute_query_dict(_STILL, [user.id, user.password_hash]):
            raise NotPossible(_WRONG)
        instant = await now(core.clock, connection)
        expires_at = instant + timedelta(days=SESSION_DAYS)
        await connection.execute_query(_END_OLDEST, [user.id, instant, MOST_SESSIONS - 1])
        await Session.create(
            id=session_id,
            user_id=user.id,
            token_hash=hash_token(core, token),
            address=address,
            user_agent=user_agent,
            created_at=instant,
            expires_at=expires_at,
            last_seen_at=instant,
            using_db=connection,
        )
        await attempts.forgive(connection, instant, attempt)
        facts = {"address": address, "userAgent": user_agent}
        await audit.record(connection, core.clock, viewer, "signIn", ids.make("ses", session_id), after=facts)
        return expires_at

    return SignedIn(token, read_user(user), await write(work), viewer)


async def change_password(
    core: Core, viewers: Viewers, viewer: Viewer, old: str, new: str, *, address: str
) -> people.User:
    """Ends the caller's other sessions. Raises RateLimited, NotPossible (the old one is wrong), BadInput, Forbidden."""
    if viewer.user_id is None:
        raise Forbidden("An API token has no password.")
    user_id = viewer.user_id
    user = await reading(lambda: User.get(id=user_id))
    attempt = await attempts.admit(core, user.phone, address)
    if not await passwords.is_right(old, user.password_hash):
        raise NotPossible("The old password is wrong.")
    if new == old:
        raise BadInput("The new password is the old one: take another.")
    hashed = await passwords.hash_new(new, user.phone, user.name)

    async def work(connection: BaseDBAsyncClient) -> None:
        if not await connection.execute_query_dict(_STILL, [user_id, user.password_hash]):
            raise NotPossible("The password was changed meanwhile.")
        await _keep(core, connection, viewer, user_id, hashed, attempt)

    await write(work)
    viewers.forget()
    return read_user(user)


async def _keep(
    core: Core,
    connection: BaseDBAsyncClient,
    viewer: Viewer,
    user_id: UUID,
    hashed: str,
    attempt: attempts.Attempt,
) -> None:
    instant = await now(core.clock, connection)
    await User.filter(id=user_id).using_db(connection).update(password_hash=hashed)
    await sessions.end_all(connection, instant, user_id, except_session=viewer.credential)
    await attempts.forgive(connection, instant, attempt)
    await audit.record(connection, core.clock, viewer, "changePassword", ids.make("usr", user_id))
