"""Law 23 in its one place: roles, what tokens may carry, and what one is told of what one may not see."""

import ast
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import access
from domain.access import PERMISSIONS, READ_ONLY, SYSTEM, Role, Viewer, viewer_of_token, viewer_of_user
from domain.refusals import Forbidden, NotFound, Unauthenticated
from tests.test_tidy import PRODUCT

OURS, THEIRS, SELF, SESSION = uuid4(), uuid4(), uuid4(), uuid4()
READS = {"wallet:read", "price:read", "usage:read", "invoice:read", "tenant:read", "alert:read"}
ALONE = {
    "wallet:topup", "wallet:adjust", "wallet:transfer", "wallet:reverse", "wallet:lock", "hold:write", "price:write",
    "usage:write", "invoice:write", "billing:run", "tenant:write", "alert:write", "webhook:write",
}  # fmt: skip
"""What only a SUPER_ADMIN does: money by hand, locks, prices, usage, billing, tenants, what alerts watch for."""
ALL = READS | ALONE | {"user:read", "user:write", "token:write", "audit:read"}
LISTS_FILTER_BY_HOME = {
    "domain/changes.py",
    "services/alert_queries.py",
    "services/api_tokens.py",
    "services/billing_queries.py",
    "services/changes.py",
    "services/operation_queries.py",
    "services/owner_names.py",
    "services/people_queries.py",
    "services/sign_in.py",
    "services/wallet_lists.py",
}
"""And what tells whose a change is."""

permission_sets = st.frozensets(st.sampled_from(sorted(ALL)))
permissions = st.sampled_from(sorted(ALL))
tenants = st.sampled_from([OURS, THEIRS])
users = st.builds(
    viewer_of_user, st.just(SELF), st.sampled_from(list(Role)), st.sampled_from([OURS, THEIRS, None]), st.just(SESSION)
)
tokens = st.builds(viewer_of_token, st.uuids(), st.sampled_from([OURS, THEIRS, None]), permission_sets)
viewers = users | tokens


def of(role: Role, tenant: UUID | None = OURS) -> Viewer:
    return viewer_of_user(SELF, role, tenant, SESSION)


@pytest.mark.parametrize(
    ("role", "has"),
    [
        (Role.SUPER_ADMIN, ALL),
        (Role.SUPPORT, READS | {"user:read", "audit:read"}),
        (Role.TENANT_ADMIN, READS | {"user:read", "user:write", "token:write"}),
        (Role.MEMBER, READS),
    ],
)
def test_a_role_has_these_permissions_and_no_others(role: Role, has: set[str]) -> None:
    assert {permission for permission in ALL if access.holds(of(role), permission)} == has
    assert PERMISSIONS[role] == has


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.TENANT_ADMIN, Role.MEMBER])
def test_only_a_super_admin_moves_money_locks_prices_bills_and_manages_tenants(role: Role) -> None:
    for permission in ALONE:
        with pytest.raises(Forbidden):
            access.require(of(role), permission, OURS)
        access.require(of(Role.SUPER_ADMIN, None), permission, OURS)


def test_support_and_super_admins_see_everything_others_their_tenant_or_themselves() -> None:
    for role in (Role.SUPPORT, Role.SUPER_ADMIN):
        assert access.sees_all(of(role, None))
    for role in (Role.TENANT_ADMIN, Role.MEMBER):
        assert [access.sees(of(role), thing) for thing in (OURS, THEIRS, SELF)] == [True, False, False]
    assert [access.sees(of(Role.MEMBER, None), thing) for thing in (OURS, THEIRS, SELF)] == [False, False, True]


@given(viewers, permissions, tenants)
def test_what_one_may_not_see_is_missing_whatever_one_may_do(viewer: Viewer, permission: str, thing: UUID) -> None:
    seen, able = access.sees(viewer, thing), access.holds(viewer, permission)
    expected = NotFound if not seen else Forbidden if not able else None
    if expected is None:
        access.require(viewer, permission, thing)
    else:
        with pytest.raises(expected):
            access.require(viewer, permission, thing)
    assert access.reads(viewer, permission, thing) == (seen and able)


@given(viewers, permissions)
def test_what_is_done_to_no_tenant_in_particular_is_forbidden_to_those_who_see_one(
    viewer: Viewer, permission: str
) -> None:
    if access.holds_everywhere(viewer, permission):
        access.require_everywhere(viewer, permission)
        access.require_each(viewer, permission, None)
        return
    with pytest.raises(Forbidden):
        access.require_everywhere(viewer, permission)
    with pytest.raises(Forbidden):
        access.require_each(viewer, permission, None)


@given(viewers, permissions)
def test_of_several_tenants_one_that_is_not_seen_makes_all_missing(viewer: Viewer, permission: str) -> None:
    if access.sees(viewer, OURS) and not access.sees(viewer, THEIRS) and access.holds(viewer, permission):
        with pytest.raises(NotFound):
            access.require_each(viewer, permission, [OURS, THEIRS])


@given(viewers, st.sampled_from([OURS, THEIRS, None]))
def test_a_token_carries_what_its_maker_has_and_no_more(maker: Viewer, bound_to: UUID | None) -> None:
    assert access.grantable(maker, bound_to) <= maker.permissions


@given(viewers, st.sampled_from([OURS, THEIRS, None]))
def test_only_a_super_admin_hands_out_more_than_reading(maker: Viewer, bound_to: UUID | None) -> None:
    if maker.role is not Role.SUPER_ADMIN:
        given_out = access.grantable(maker, bound_to)
        assert given_out <= READ_ONLY
        assert not given_out & {"usage:write", "wallet:topup"}
        assert not given_out or maker.home == bound_to


def test_a_tenant_admin_makes_read_only_tokens_that_are_bound_to_its_tenant() -> None:
    manager = of(Role.TENANT_ADMIN)
    assert access.grantable(manager, OURS) == READS
    assert access.grantable(manager, THEIRS) == access.grantable(manager, None) == frozenset()
    assert access.grantable(of(Role.SUPER_ADMIN, None), OURS) == ALL


@given(permission_sets, st.sampled_from([OURS, None]), st.sampled_from(list(Role)), st.sampled_from([OURS, THEIRS]))
def test_a_token_loses_what_its_maker_loses(
    given_out: frozenset[str], bound_to: UUID | None, role: Role, home: UUID
) -> None:
    left = access.still_carried(given_out, bound_to, role, home)
    assert left <= given_out & PERMISSIONS[role]
    if role in (Role.TENANT_ADMIN, Role.MEMBER):
        assert left <= access.grantable(of(Role.TENANT_ADMIN, home), bound_to)


@pytest.mark.parametrize("role", list(Role))
def test_only_a_super_admin_hands_out_roles(role: Role) -> None:
    access.require_may_give(of(Role.SUPER_ADMIN, None), role, OURS)
    program = viewer_of_token(uuid4(), None, frozenset(ALL))
    for giver in (of(Role.TENANT_ADMIN), program):
        if role is Role.MEMBER:
            access.require_may_give(giver, role, OURS)
        else:
            with pytest.raises(Forbidden):
                access.require_may_give(giver, role, OURS)
    with pytest.raises(NotFound):
        access.require_may_give(of(Role.TENANT_ADMIN), role, THEIRS)
    with pytest.raises(Forbidden):
        access.require_may_give(of(Role.TENANT_ADMIN), role, None)


@pytest.mark.parametrize("role", list(Role))
def test_a_tenant_admin_edits_the_members_of_its_tenant_and_nobody_else(role: Role) -> None:
    manager, user = of(Role.TENANT_ADMIN), uuid4()
    if role is Role.MEMBER:
        access.require_may_edit(manager, user, role, OURS)
    else:
        with pytest.raises(Forbidden):
            access.require_may_edit(manager, user, role, OURS)
    for home in (THEIRS, None):
        with pytest.raises(NotFound):
            access.require_may_edit(manager, user, role, home)
    for forbidden in (access.require_may_move, access.require_may_delete):
        with pytest.raises(Forbidden):
            forbidden(manager)
    access.require_may_edit(of(Role.SUPER_ADMIN, None), user, role, THEIRS)


@given(users)
def test_everybody_sees_themselves_and_nobody_without_the_permission_changes_themselves(viewer: Viewer) -> None:
    assert access.sees_user(viewer, SELF, None)
    if not access.holds(viewer, "user:write"):
        with pytest.raises(Forbidden):
            access.require_may_edit(viewer, SELF, Role.MEMBER, viewer.tenant_id)


def test_nobody_is_unauthenticated() -> None:
    with pytest.raises(Unauthenticated):
        access.signed_in(None)
    assert access.signed_in(SYSTEM) is SYSTEM


def test_no_other_module_looks_at_roles_and_permissions_of_who_asks() -> None:
    """`home` is what lists are filtered by, and by nothing else is anything decided."""
    found = {
        (source.name, node.attr)
        for source in PRODUCT
        if source.name != "domain/access.py"
        for node in source.nodes
        if isinstance(node, ast.Attribute)
        and node.attr in ("permissions", "role", "home")
        and getattr(node.value, "id", getattr(node.value, "attr", ""))
        in ("viewer", "signed_in", "SYSTEM", "themselves")
    }
    assert found == {(name, "home") for name in LISTS_FILTER_BY_HOME}
