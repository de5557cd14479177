"""Signing in."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q

from domain import access, ids, people
from domain.access import Role, Viewer
from domain.refusals import BadInput, NotPossible
from domain.sign_in import SESSION_DAYS
from models.people import Session, User
from services import audit, passwords
from services.core import Core
from services.database import now, reading, write
from services.identity import new_uuid
from services.people import e164, read_user
from services.viewers import hash_token

# As services/viewers.py has it: the session of anyone else would stand for nobody.
_MAY_ENTER = Q(active=True, closed_at=None) & (Q(tenant_id=None) | Q(tenant__active=True, tenant__closed_at=None))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The token is shown this once."""

    token: str
    user: people.User
    expires_at: datetime
    viewer: Viewer


async def sign_in(core: Core, phone: str, password: str, *, address: str, user_agent: str) -> SignedIn:
    """A new session. Raises NotPossible, alike for an unknown phone, a wrong password and whoever is suspended."""
    try:
        number = e164(phone)
        user = await reading(lambda: User.filter(_MAY_ENTER, phone=number).first())
    except BadInput:
        user = None
    right = await passwords.is_right(password, user.password_hash if user else None)
    if not right or user is None:
        raise NotPossible("The phone or the password is wrong.")
    token = f"tjs_{secrets.token_urlsafe(32)}"
    owner = user

    session_id = new_uuid()
    viewer = access.viewer_of_user(owner.id, Role(owner.role), owner.tenant_id, session_id)

    async def work(connection: BaseDBAsyncClient) -> datetime:
        instant = await now(core.clock, connection)
        expires_at = instant + timedelta(days=SESSION_DAYS)
        await Session.create(
            id=session_id,
            user_id=owner.id,
            token_hash=hash_token(core, token),
            address=address[:64],
            user_agent=user_agent[:255],
            created_at=instant,
            expires_at=expires_at,
            last_seen_at=instant,
            using_db=connection,
        )
        await audit.record(connection, core.clock, viewer, "signIn", ids.make("ses", session_id))
        return expires_at

    return SignedIn(token, read_user(owner), await write(work), viewer)
