"""Who may what: the one place that decides it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain import ids
from domain.refusals import Forbidden, NotFound, Unauthenticated


class Role(StrEnum):
    """What a user is."""

    SUPER_ADMIN = "SUPER_ADMIN"
    SUPPORT = "SUPPORT"
    TENANT_ADMIN = "TENANT_ADMIN"
    MEMBER = "MEMBER"


_MEMBER = ("wallet:read", "price:read", "usage:read", "invoice:read", "tenant:read", "alert:read")
_TENANT_ADMIN = (*_MEMBER, "user:read", "user:write", "token:write")
_SUPPORT = (*_MEMBER, "user:read", "audit:read")
_CHANGES = """wallet:topup wallet:adjust wallet:transfer wallet:reverse wallet:lock hold:write price:write usage:write
    invoice:write billing:run user:write tenant:write token:write alert:write webhook:write"""
_SUPER_ADMIN = (*_SUPPORT, *_CHANGES.split())
PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.SUPER_ADMIN: frozenset(_SUPER_ADMIN),
    Role.SUPPORT: frozenset(_SUPPORT),
    Role.TENANT_ADMIN: frozenset(_TENANT_ADMIN),
    Role.MEMBER: frozenset(_MEMBER),
}
READ_ONLY = frozenset(_MEMBER)
"""What a tenant's own token may carry."""

_SHOWING_WALLETS = frozenset(_SUPER_ADMIN) - {*_SUPPORT, "token:write", "webhook:write"} | {"wallet:read"}
"""Reading wallets, and changing anything that they are answered with: money, prices, usage, invoices, owners."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: a signed-in user, an API token, or the system itself."""

    actor: str
    """An id, or "system": what the log and the audit say."""
    permissions: frozenset[str]
    home: UUID | None
    """The one wallet (and tenant) it sees; None: it sees all."""
    role: Role | None = None
    user_id: UUID | None = None
    tenant_id: UUID | None = None
    credential: UUID | None = None
    """The session or token it came with."""


SYSTEM = Viewer("system", PERMISSIONS[Role.SUPER_ADMIN], None, Role.SUPER_ADMIN)


def viewer_of_user(user_id: UUID, role: Role, tenant_id: UUID | None, session_id: UUID | None) -> Viewer:
    """Administrators see all, others their tenant, or themselves where they have none. No session: just registered."""
    return Viewer(
        actor=ids.make("usr", user_id),
        permissions=PERMISSIONS[role],
        home=None if role in (Role.SUPER_ADMIN, Role.SUPPORT) else tenant_id or user_id,
        role=role,
        user_id=user_id,
        tenant_id=tenant_id,
        credential=session_id,
    )


def viewer_of_token(token_id: UUID, tenant_id: UUID | None, permissions: frozenset[str]) -> Viewer:
    """An API token: what it was given, within its tenant where it is bound to one."""
    return Viewer(
        actor=ids.make("tok", token_id),
        permissions=permissions,
        home=tenant_id,
        tenant_id=tenant_id,
        credential=token_id,
    )


def signed_in(viewer: Viewer | None) -> Viewer:
    """The viewer, or Unauthenticated."""
    if viewer is None:
        raise Unauthenticated("Sign in, or send an API token in the Authorization header.")
    return viewer


def sees_all(viewer: Viewer) -> bool:
    """Whether it sees every tenant, and with them what was deleted: nothing is hidden from it."""
    return viewer.home is None


def sees(viewer: Viewer, wallet_id: UUID | None) -> bool:
    """Whether the wallet (tenant, user) exists as far as the viewer is concerned. None: what belongs to no tenant."""
    return viewer.home is None or viewer.home == wallet_id


def reads(viewer: Viewer, permission: str, wallet_id: UUID) -> bool:
    """Whether the viewer may read this part of the wallet's or owner's record."""
    return permission in viewer.permissions and sees(viewer, wallet_id)


def holds(viewer: Viewer, permission: str) -> bool:
    """Whether the viewer has it, for whatever it sees: lists of what it may not read are empty."""
    return permission in viewer.permissions


def holds_everywhere(viewer: Viewer, permission: str) -> bool:
    """Whether the viewer has it for all tenants: what is about many, as runs and checkpoints, is for those alone."""
    return sees_all(viewer) and permission in viewer.permissions


def reads_runs(viewer: Viewer) -> bool:
    """A billing run is over many tenants."""
    return holds_everywhere(viewer, "invoice:read")


def reads_audit(viewer: Viewer) -> bool:
    """Who changed what is about all tenants, and about who may what."""
    return holds_everywhere(viewer, "audit:read")


def sees_token(viewer: Viewer, bound_to: UUID | None) -> bool:
    """Tokens are seen by those who make them, and by those who read everything."""
    if sees_all(viewer):
        return not {"token:write", "audit:read"}.isdisjoint(viewer.permissions)
    return viewer.home == bound_to and holds(viewer, "token:write")


def sees_user(viewer: Viewer, user_id: UUID, tenant_id: UUID | None) -> bool:
    """Oneself; whom one administers; and everybody for those who see all."""
    if viewer.user_id == user_id:
        return True
    return holds(viewer, "user:read") and sees(viewer, tenant_id)


def sees_balance(viewer: Viewer, wallet_id: UUID) -> bool:
    """Whether the viewer reads the wallet, or may change it or what it is charged: an answer that leads to the wallet
    does not fail after its effect."""
    return sees(viewer, wallet_id) and not _SHOWING_WALLETS.isdisjoint(viewer.permissions)


def require(viewer: Viewer, permission: str, wallet_id: UUID | None = None) -> None:
    """NotFound for a thing that the viewer does not see, else Forbidden for what it may not do."""
    if wallet_id is not None and not sees(viewer, wallet_id):
        raise NotFound("There is no such thing.")
    if permission not in viewer.permissions:
        raise Forbidden(f"This needs the permission {permission}.")


def require_everywhere(viewer: Viewer, permission: str) -> None:
    """For what is done to no tenant in particular: Forbidden for whoever sees one only."""
    require(viewer, permission)
    if not sees_all(viewer):
        raise Forbidden("This is about every tenant, of which you see one.")


def require_each(viewer: Viewer, permission: str, tenant_ids: Iterable[UUID] | None) -> None:
    """For what is done to several tenants, or to all: NotFound if any is not seen, else Forbidden. None: all."""
    for tenant_id in tenant_ids or ():
        require(viewer, permission, tenant_id)
    require(viewer, permission)
    if tenant_ids is None and not sees_all(viewer):
        raise Forbidden("This is done to every tenant, of which you see one: give its id in tenantIds.")


def require_introspection(viewer: Viewer | None) -> None:
    """Unauthenticated for nobody, Forbidden for those who see a part only; an unbound token sees all."""
    if not sees_all(signed_in(viewer)):
        raise Forbidden("The schema is shown to administrators, and to all where TIJORI_DEVELOPMENT=true is set.")


def require_may_erase(viewer: Viewer, wallet_id: UUID) -> None:
    """A description belongs to the log: whoever changes balances by hand may erase it."""
    require(viewer, "wallet:adjust", wallet_id)


def require_may_give(viewer: Viewer, role: Role, tenant_id: UUID | None) -> None:
    """Only a SUPER_ADMIN hands out roles. Others who may write users, tokens too, make MEMBERs, of their own tenant
    where they are bound to one."""
    require(viewer, "user:write", tenant_id)
    if viewer.role is Role.SUPER_ADMIN:
        return
    if role is not Role.MEMBER:
        raise Forbidden(f"Only a SUPER_ADMIN makes a {role}.")
    if not sees(viewer, tenant_id):
        raise Forbidden("A tenant's administrator creates members of that tenant only: give its tenantId.")


def may_know(viewer: Viewer, user_id: UUID, tenant_id: UUID | None) -> bool:
    """Whether the user exists as far as the viewer is concerned: whoever may change a user sees them too."""
    return sees_user(viewer, user_id, tenant_id) or (sees(viewer, tenant_id) and holds(viewer, "user:write"))


def require_may_edit(viewer: Viewer, user_id: UUID, role: Role, tenant_id: UUID | None) -> None:
    """A SUPER_ADMIN changes everybody, others who may write users the MEMBERs whom they see, tokens too."""
    if not may_know(viewer, user_id, tenant_id):
        raise NotFound("There is no such user.")
    require(viewer, "user:write")
    if viewer.role is not Role.SUPER_ADMIN and role is not Role.MEMBER:
        raise Forbidden(f"Only a SUPER_ADMIN changes a {role}.")


def require_may_move(viewer: Viewer) -> None:
    """Another role, or another tenant."""
    if viewer.role is not Role.SUPER_ADMIN:
        raise Forbidden("Only a SUPER_ADMIN changes roles, and moves users from one tenant to another.")


def require_may_delete(viewer: Viewer) -> None:
    """Of what it may change: a SUPER_ADMIN, or a token for all tenants, which only a SUPER_ADMIN hands out."""
    if not sees_all(viewer):
        raise Forbidden("Only a SUPER_ADMIN deletes. To end sign-ins, send active: false.")


def grantable(viewer: Viewer, tenant_id: UUID | None) -> frozenset[str]:
    """The permissions that the viewer may put into a new token.

    A tenant never reports its own usage nor tops itself up: only a SUPER_ADMIN hands those out.
    """
    if viewer.role is Role.SUPER_ADMIN:
        return viewer.permissions
    if viewer.home is not None and viewer.home == tenant_id:
        return viewer.permissions & READ_ONLY
    return frozenset()


def require_may_revoke(viewer: Viewer, bound_to: UUID | None, permissions: Iterable[str]) -> None:
    """A tenant revokes what it may make: were a token revoked that reports its usage, it would meter itself."""
    require(viewer, "token:write", bound_to)
    if not sees_all(viewer) and not grantable(viewer, bound_to).issuperset(permissions):
        raise Forbidden("Only a SUPER_ADMIN revokes a token that changes anything.")


def still_carried(
    permissions: frozenset[str], bound_to: UUID | None, maker_role: Role, maker_tenant: UUID | None
) -> frozenset[str]:
    """What is left of a token's permissions now that its maker has this role: a maker who sees one tenant carries
    what is read there, and nothing outside of it."""
    if maker_role not in (Role.SUPER_ADMIN, Role.SUPPORT):
        permissions &= READ_ONLY if bound_to is not None and bound_to == maker_tenant else frozenset()
    return permissions & PERMISSIONS[maker_role]
