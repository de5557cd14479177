"""Deletion: refused while money or usage is left, else the owner is closed: history stays, names are free again."""

from typing import Any
from uuid import UUID

import pytest

from domain import access, ids
from domain.access import Role, Viewer
from domain.refusals import Forbidden, NotFound, NotPossible
from services.deletion import delete_tenant, delete_user
from services.people import create_tenant, create_user
from services.people_changes import update_user
from services.people_input import NewTenant, NewUser
from services.people_queries import find_tenant, find_user, list_tenants, list_users, load_users
from services.tenant_names import tenants_named
from services.wallet_lists import WalletFilter, list_wallets
from tests.staff import audited, open_sessions, session_of, staff, usr
from tests.world import World, opened_world

world = opened_world
CLOSED = "SELECT t.closed_at, w.closed_at FROM tenants t JOIN wallets w ON w.id = t.id WHERE t.id = $1"


async def close_tenant(world: World, tenant: UUID, **more: Any) -> None:
    await delete_tenant(world.core, access.SYSTEM, tenant, **more)


async def close_user(world: World, user: UUID, **more: Any) -> None:
    await delete_user(world.core, access.SYSTEM, user, **more)


async def refusal(world: World, deleting: Any) -> str:
    async with world.refuses(NotPossible) as caught:
        await deleting
    return caught.value.message


async def test_a_tenant_that_holds_or_owes_money_or_has_unbilled_usage_stays(world: World) -> None:
    tenant = await world.tenant("Asha")
    await world.price(tenant, "2025-02-01", "100")
    await world.use(tenant, "1.5")
    assert await refusal(world, close_tenant(world, tenant)) == (
        "Asha cannot be deleted. Not billed yet: 1.5 EPAPER in 2025-02. Bill it, or correct it away."
    )
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    assert await refusal(world, close_tenant(world, tenant)) == (
        "Asha cannot be deleted. INR 1.50 is due: have it paid first."
    )
    await world.top_up(tenant, 1_000)
    await world.hold(tenant, 50)
    assert await refusal(world, close_tenant(world, tenant)) == (
        "Asha cannot be deleted. The wallet holds INR 8.50, INR 0.50 of it held: take it out first."
    )


async def test_a_tenant_whose_void_invoice_is_to_be_billed_again_stays_until_it_was(world: World) -> None:
    tenant = await world.tenant("Asha")
    await world.price(tenant, "2025-02-01", "100")
    await world.use(tenant, "1", key="wrong")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    await world.void(tenant, 1)
    assert await refusal(world, close_tenant(world, tenant)) == (
        "Asha cannot be deleted. Void, and to be billed again: ASH-0001. "
        "Bill the month that is running once it is over."
    )
    await world.use(tenant, "-1", corrects="wrong")
    world.go("2025-04-01")
    await world.bill("2025-03", tenant)
    await close_tenant(world, tenant)


async def test_all_that_stands_against_it_is_said_at_once(world: World) -> None:
    tenant = await world.owing(grace_days=5)
    for service in ("A", "B", "C", "D", "E"):
        await world.price(tenant, "2025-03-01", "1", service=service)
        await world.use(tenant, "2", service=service)
    said = await refusal(world, close_tenant(world, tenant, dry_run=True))
    assert "INR 1.00 is due" in said
    assert "2 A in 2025-03, 2 B in 2025-03, 2 C in 2025-03, 2 more." in said


async def test_a_deleted_tenant_is_closed_with_its_wallet_and_its_people_and_its_history_stays(world: World) -> None:
    tenant = await world.tenant("Asha", external_id="crm-1")
    await world.top_up(tenant, 500)
    await world.adjust(tenant, "SET", 0)
    member = await staff(world, Role.MEMBER, tenant)
    phone = (await load_users([member.user_id or tenant]))[member.user_id or tenant].phone
    log = await world.lines(tenant)
    world.go("2025-02-03")
    await close_tenant(world, tenant)
    [(closed, wallet_closed)] = await world.sql(CLOSED, tenant)
    assert closed == wallet_closed == world.core.clock.fixed
    assert await open_sessions(world, member.user_id or tenant) == 0
    assert await list_tenants(access.SYSTEM, None, 10, None) == []
    assert await list_users(access.SYSTEM, None, 10, None) == []
    assert await list_wallets(access.SYSTEM, WalletFilter(), 10, None) == []
    found = await find_tenant(access.SYSTEM, tenant_id=tenant, external_id=None)
    assert found is not None
    assert (found.name, found.closed_at) == ("Asha", closed)
    assert await find_tenant(access.SYSTEM, tenant_id=None, external_id="crm-1") is None
    assert await find_tenant(member, tenant_id=tenant, external_id=None) is None
    assert await world.lines(tenant) == log
    assert (await create_tenant(world.core, access.SYSTEM, NewTenant("Asha", "crm-1"))).id != tenant
    assert (await create_user(world.core, access.SYSTEM, NewUser(phone, "Next", None))).id != member.user_id
    assert [action for _, action, *_ in await audited(world, ids.make("ten", tenant))][-1:] == ["deleteTenant"]
    assert [action for _, action, *_ in await audited(world, usr(member.user_id))][-1:] == ["deleteUser"]


async def test_a_name_of_the_clients_stands_for_the_tenant_that_there_is(world: World) -> None:
    first = await world.tenant("Asha", external_id="crm-1")
    await close_tenant(world, first)
    async with world.refuses(NotFound):
        await tenants_named(access.SYSTEM, ["crm-1"])
    second = await world.tenant("Asha", external_id="crm-1")
    assert await tenants_named(access.SYSTEM, ["crm-1"]) == {"crm-1": second}


async def test_a_tenant_stays_while_one_of_its_people_holds_money(world: World) -> None:
    tenant = await world.tenant("Asha")
    await world.user(tenant_id=tenant)
    await world.top_up(await world.user(tenant_id=tenant), 70)
    said = await refusal(world, close_tenant(world, tenant))
    assert said == "Asha cannot be deleted with its user Ravi. The wallet holds INR 0.70: take it out first."


async def test_what_the_clock_has_decided_counts(world: World) -> None:
    user = await world.user()
    await world.top_up(user, 100)
    await world.hold(user, 100, 60)
    await world.capture(user, 2, 100)
    await world.top_up(user, 100)
    await world.hold(user, 100, 60)
    world.go("2025-02-02")  # the hold has expired: all of it is available again
    with pytest.raises(NotPossible, match=r"The wallet holds INR 1.00: take it out first"):
        await close_user(world, user)


async def test_in_a_closed_wallet_no_money_moves(world: World) -> None:
    tenant, user = await world.priced("2025-02-01"), await world.user()
    await close_tenant(world, tenant)
    await close_user(world, user)
    other = await world.user()
    await world.top_up(other, 100)
    for moving in (
        world.top_up(tenant, 1),
        world.top_up(user, 1),
        world.adjust(user, "ADD", 1),
        world.transfer(other, user, 1),
        world.lock(user),
    ):
        await refusal(world, moving)
    async with world.refuses(NotFound):
        await world.use(tenant, "1")
    async with world.refuses(NotFound):
        await world.price(tenant, "2025-03-01", "1", service="SMS")


async def test_a_deleted_user_is_gone_for_those_who_see_a_part_and_history_for_those_who_see_all(world: World) -> None:
    tenant = await world.tenant()
    admin = await staff(world, Role.TENANT_ADMIN, tenant)
    support = await staff(world, Role.SUPPORT)
    member = await world.user(tenant_id=tenant)
    await session_of(world, member)
    await close_user(world, member)
    assert await open_sessions(world, member) == 0
    assert await find_user(admin, user_id=member, phone=None) is None
    found = await find_user(support, user_id=member, phone=None)
    assert found is not None
    assert await find_user(support, user_id=None, phone=found.phone) is None
    assert member not in {user.id for user in await list_users(support, None, 10, None)}


@pytest.mark.parametrize("delete", [delete_user, delete_tenant])
async def test_what_was_deleted_is_not_deleted_or_changed_again(world: World, delete: Any) -> None:
    subject = await world.user() if delete is delete_user else await world.tenant()
    await delete(world.core, access.SYSTEM, subject)
    assert "was deleted on 2025-02-01" in await refusal(world, delete(world.core, access.SYSTEM, subject))
    if delete is delete_user:
        await refusal(world, update_user(world.core, access.SYSTEM, subject, {"name": "Again"}))


async def test_only_who_sees_all_deletes(world: World) -> None:
    tenant = await world.tenant()
    member, stranger = await world.user(tenant_id=tenant), await world.user()
    manager, support = await staff(world, Role.TENANT_ADMIN, tenant), await staff(world, Role.SUPPORT)
    bound = Viewer("tok_x", frozenset({"user:write", "tenant:write"}), tenant)
    for by, user, why in (
        (manager, member, Forbidden), (manager, stranger, NotFound), (manager, UUID(int=1), NotFound),
        (support, member, Forbidden), (bound, member, Forbidden), (bound, stranger, NotFound),
    ):  # fmt: skip
        async with world.refuses(why):
            await delete_user(world.core, by, user)
    for by in (manager, support, bound):
        async with world.refuses(Forbidden):
            await delete_tenant(world.core, by, tenant)
    async with world.refuses(NotFound):
        await delete_tenant(world.core, manager, UUID(int=1))
    program = Viewer("tok_x", frozenset({"user:write"}), None)
    async with world.refuses(Forbidden):
        await delete_user(world.core, program, support.user_id or member)
    await delete_user(world.core, program, member)


async def test_a_super_admin_leaves_while_there_is_another(world: World) -> None:
    one, two = await staff(world, Role.SUPER_ADMIN), await staff(world, Role.SUPER_ADMIN)
    assert one.user_id is not None
    assert two.user_id is not None
    await delete_user(world.core, one, one.user_id)
    assert "last active SUPER_ADMIN" in await refusal(world, delete_user(world.core, two, two.user_id))


async def test_the_tokens_that_a_deleted_user_made_and_those_of_a_deleted_tenant_stop(world: World) -> None:
    tenant, maker = await world.tenant(), await world.user()
    make = """
    INSERT INTO api_tokens (id, name, tenant_id, permissions, prefix, token_hash, created_by, maker_id, created_at)
    SELECT gen_random_uuid(), 't', $1, '[]', '', sha256(gen_random_uuid()::text::bytea), '', $2, clock_timestamp()
    """
    for of, by in ((tenant, None), (None, maker), (None, None)):
        await world.sql(make, of, by)
    await close_tenant(world, tenant)
    await close_user(world, maker)
    left = "SELECT tenant_id, maker_id FROM api_tokens WHERE revoked_at IS NULL"
    assert await world.sql(left) == [(None, None)]


async def test_dry_runs_delete_nothing(world: World) -> None:
    tenant, user = await world.tenant(), await world.user()
    async with world.unchanged():
        assert (await delete_tenant(world.core, access.SYSTEM, tenant, dry_run=True)).closed_at is not None
        assert (await delete_user(world.core, access.SYSTEM, user, dry_run=True)).closed_at is not None
