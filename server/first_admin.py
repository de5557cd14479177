"""The first administrator of an empty store, and how to sign in: said once."""

import secrets

from domain import access
from domain.access import Role
from server.settings import Settings
from services.core import Core
from services.people import NewUser, create_user
from services.people_queries import has_users

PHONE = "+919999999999"


async def welcome(core: Core, settings: Settings) -> str:
    """Where the dashboard is; on an empty store also who may sign in, made now."""
    address = f"http://{'localhost' if settings.host in ('127.0.0.1', '0.0.0.0') else settings.host}:{settings.port}"  # noqa: S104
    lines = [f"Tijori is ready on {address}  (GraphQL: {address}/graphql)"]
    if not await has_users():
        phone = settings.admin_phone or PHONE
        given = settings.admin_password
        password = given.get_secret_value() if given else secrets.token_urlsafe(12)
        await create_user(core, access.SYSTEM, NewUser(phone, "Administrator", password, role=Role.SUPER_ADMIN))
        shown = "the password in TIJORI_ADMIN_PASSWORD" if given else f"password {password}  (shown this once)"
        lines.append(f"Sign in with phone {phone} and {shown}")
    return "\n".join(lines)
