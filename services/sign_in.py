"""Signing in, and changing one's password."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, people
from domain.access import Role, Viewer
from domain.refusals import BadInput, Forbidden, NotPossible
from domain.sign_in import MOST_SESSIONS, SESSION_DAYS
from models.access import Session
from models.people import User
from services import attempts, audit, passwords, sessions
from services.core import Core
from services.database import Row, now, read, reading, write
from services.identity import new_uuid
from services.people_input import e164
from services.people_rows import may_enter, read_user
from services.viewers import hash_token

_WRONG = "The phone or the password is wrong."
_NO_PHONE = ""  # that nobody has: looked up all the same, since what is no phone must take as long
_USER = ", ".join(f"u.{field}" for field in people.User.__slots__)
_FIND = f"""
SELECT {_USER}, u.password_hash FROM users u LEFT JOIN tenants t ON t.id = u.tenant_id
WHERE u.phone = $1 AND {may_enter("u", "t")}
"""
# Locked until the session is there: whoever changes the password, the user or the tenant meanwhile ends it too, or
# comes first.
_LOCK_HOME = "SELECT 1 FROM tenants WHERE id = $1 FOR NO KEY UPDATE"
_STILL = f"""
SELECT 1 FROM users u LEFT JOIN tenants t ON t.id = u.tenant_id
WHERE u.id = $1 AND u.password_hash = $2 AND u.role = $3 AND u.tenant_id IS NOT DISTINCT FROM $4
    AND {may_enter("u", "t")} FOR NO KEY UPDATE OF u
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
    rows = await read(_FIND, number)
    hashed = rows[0]["password_hash"] if rows else None
    if not await passwords.is_right(password, hashed):
        raise NotPossible(_WRONG)
    return await _new_session(core, _user(rows[0]), hashed, attempt, address[:64], user_agent[:255])


def _number(phone: str) -> str:
    try:
        return e164(phone)
    except BadInput:
        return _NO_PHONE


def _user(row: Row) -> people.User:
    fields = {field: row[field] for field in people.User.__slots__}
    return people.User(**fields | {"role": Role(row["role"])})


async def _new_session(
    core: Core, user: people.User, hashed: str | None, attempt: attempts.Attempt, address: str, user_agent: str
) -> SignedIn:
    token = f"tjs_{secrets.token_urlsafe(32)}"
    session_id = new_uuid()
    viewer = access.viewer_of_user(user.id, user.role, user.tenant_id, session_id)

    async def work(connection: BaseDBAsyncClient) -> tuple[datetime, bool]:
        if not await _still(connection, user, hashed):
            raise NotPossible(_WRONG)
        instant = await now(core.clock, connection)
        expires_at = instant + timedelta(days=SESSION_DAYS)
        ended = await sessions.end_oldest(connection, instant, user.id, MOST_SESSIONS - 1)
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
        await audit.record(
            connection, core.clock, viewer, "signIn", ids.make("ses", session_id), after=facts, whose=user.id
        )
        return expires_at, ended

    expires_at, ended = await write(work)
    if ended:
        core.tell_ended()
    return SignedIn(token, user, expires_at, viewer)


async def _still(connection: BaseDBAsyncClient, user: people.User, hashed: str | None) -> bool:
    """Whether they may enter by this password, as whom they were found; they and their tenant stay as they are."""
    if user.tenant_id is not None:
        await connection.execute_query_dict(_LOCK_HOME, [user.tenant_id])
    values = [user.id, hashed, user.role, user.tenant_id]
    return bool(await connection.execute_query_dict(_STILL, values))


async def change_password(core: Core, viewer: Viewer, old: str, new: str, *, address: str) -> people.User:
    """Ends the caller's other sessions. Raises RateLimited, NotPossible (the old one is wrong), BadInput, Forbidden."""
    if viewer.user_id is None:
        raise Forbidden("An API token has no password.")
    row = await reading(lambda: User.get(id=viewer.user_id))
    user, old_hash = read_user(row), row.password_hash
    attempt = await attempts.admit(core, user.phone, address)
    if not await passwords.is_right(old, old_hash):
        raise NotPossible("The old password is wrong.")
    if new == old:
        raise BadInput("The new password is the old one: take another.")
    hashed = await passwords.hash_new(new, user.phone, user.name)

    async def work(connection: BaseDBAsyncClient) -> None:
        if not await _still(connection, user, old_hash):
            raise NotPossible("The password was changed meanwhile.")
        await _keep(core, connection, viewer, user.id, hashed, attempt)

    await write(work)
    core.tell_ended()
    return user


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
    await sessions.end_of_users(connection, instant, [user_id], except_session=viewer.credential)
    await attempts.forgive(connection, instant, attempt)
    await audit.record(connection, core.clock, viewer, "changePassword", ids.make("usr", user_id), whose=viewer.home)
