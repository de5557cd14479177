"""The first administrator of an empty store, and how to sign in: said once."""

import secrets

from domain import access
from domain.access import Role
from domain.refusals import BadInput
from server.settings import Settings, SetupError
from services.core import Core
from services.people import create_user
from services.people_input import NewUser
from services.people_queries import has_users

PHONE = "+919999999999"


async def first_admin(core: Core, settings: Settings) -> str | None:
    """On an empty store a SUPER_ADMIN is made: how to sign in as it. None where there are users."""
    if await has_users():
        return None
    phone = settings.admin_phone or PHONE
    given = settings.admin_password
    password = given.get_secret_value() if given else secrets.token_urlsafe(12)
    try:
        await create_user(core, access.SYSTEM, NewUser(phone, "Administrator", password, role=Role.SUPER_ADMIN))
    except BadInput as why:
        raise SetupError(f"TIJORI_ADMIN_PHONE cannot be used: {why}") from None
    shown = "the password in TIJORI_ADMIN_PASSWORD" if given else f"password {password}  (shown this once)"
    return f"Sign in with phone {phone} and {shown}"
