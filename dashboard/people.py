"""Users in words: their roles, whether they may sign in, and what a new role or password does."""

from collections.abc import Mapping

from dashboard.components.data_table import Badge
from dashboard.shapes.people import Viewer
from dashboard.shapes.users import User

ROLES = {
    "SUPER_ADMIN": "Super admin",
    "SUPPORT": "Support",
    "TENANT_ADMIN": "Tenant admin",
    "MEMBER": "Member",
}
MEANINGS = {
    "SUPER_ADMIN": "Does everything, and alone moves money by hand.",
    "SUPPORT": "Sees everything, changes nothing.",
    "TENANT_ADMIN": "Sees their tenant and manages its members.",
    "MEMBER": "Sees their tenant's wallet, or their own.",
}


def status(user: User) -> Badge:
    """Whether the account is in use."""
    if user["closedAt"]:
        return {"text": "Deleted", "tone": "muted"}
    return {"text": "Active", "tone": "positive"} if user["active"] else {"text": "Suspended", "tone": "warn"}


def may_create(viewer: Viewer | None) -> bool:
    """Whether the viewer makes users; the API decides, this only hides what it would refuse."""
    return viewer is not None and viewer["role"] in ("SUPER_ADMIN", "TENANT_ADMIN")


def may_edit(viewer: Viewer | None, user: User) -> bool:
    """A tenant's administrator manages its members."""
    if viewer is None or user["closedAt"]:
        return False
    is_own_member = user["role"] == "MEMBER" and user["tenant"] is not None
    return viewer["role"] == "SUPER_ADMIN" or (viewer["role"] == "TENANT_ADMIN" and is_own_member)


def roles_to_give(viewer: Viewer | None) -> Mapping[str, str]:
    """The roles that the viewer may give, each with what it means."""
    given = ROLES if viewer is not None and viewer["role"] == "SUPER_ADMIN" else {"MEMBER": ROLES["MEMBER"]}
    return {role: f"{words}: {MEANINGS[role]}" for role, words in reversed(given.items())}


def changes(before: User, after: User) -> list[str]:
    """What is different, in sentences."""
    said = []
    if before["phone"] != after["phone"]:
        said.append(f"Signs in with {after['phone']} instead of {before['phone']}.")
    if before["name"] != after["name"]:
        said.append(f"Is called {after['name']} instead of {before['name']}.")
    if before["email"] != after["email"]:
        said.append(f"E-mail: {after['email'] or 'none'} instead of {before['email'] or 'none'}.")
    if before["role"] != after["role"]:
        said.append(f"Becomes {ROLES[after['role']].lower()}: {MEANINGS[after['role']].lower()}")
    if home(before) != home(after):
        said.append(f"Belongs to {home(after)} instead of {home(before)}.")
    return said


def home(user: User) -> str:
    """The tenant's name."""
    return user["tenant"]["name"] if user["tenant"] else "no tenant"
