"""What has changed is told by kind, after the commit, to those who may see it: the decision on the feed of changes."""

from collections.abc import Collection, Iterator
from uuid import UUID

import pytest
from tortoise import BaseDBAsyncClient

from domain import access
from domain.access import READ_ONLY, Role, Viewer
from domain.changes import Change, ChangeKind
from domain.people import TenantChanges, UserChanges
from domain.refusals import BadInput, Unavailable
from services.api_tokens import create_api_token, revoke_api_token
from services.changes import ChangeFeed, Reader
from services.database import hearers, note, write
from services.deletion import delete_tenant, delete_user
from services.people_changes import update_tenant, update_user
from services.pricing import cancel_price
from services.vehicles import add_vehicle
from tests.changes import taken
from tests.world import World, event, opened_world

world = opened_world
K = ChangeKind
ALL = tuple(ChangeKind)
OURS, THEIRS, THEM, ANOTHER = (UUID(int=n) for n in range(1, 5))
SUPPORT = access.viewer_of_user(ANOTHER, Role.SUPPORT, None, None)
MANAGER = access.viewer_of_user(THEM, Role.TENANT_ADMIN, OURS, None)
MEMBER = access.viewer_of_user(THEM, Role.MEMBER, OURS, None)
LONER = access.viewer_of_user(THEM, Role.MEMBER, None, None)
METER = access.viewer_of_token(ANOTHER, None, frozenset({"usage:write", "usage:read"}))
BOUND = access.viewer_of_token(ANOTHER, OURS, READ_ONLY)


def heard_by(viewer: Viewer, *changes: Change, of: UUID | None = None, kinds: Collection[ChangeKind] = ALL) -> set[K]:
    """What a reader takes after these."""
    feed, reader = ChangeFeed(), Reader(viewer, kinds, of)
    feed.listen(reader)
    feed.tell(changes)
    return set(taken(reader))


EACH_OF_OURS = [Change(kind, OURS) for kind in ALL]
READ = set(ALL) - {K.USERS, K.BILLING, K.ACCESS, K.AUDIT, K.WEBHOOKS}


@pytest.mark.parametrize(
    ("viewer", "whose", "heard"),
    [
        (access.SYSTEM, OURS, set(ALL)),
        (access.SYSTEM, None, set(ALL)),
        (SUPPORT, OURS, set(ALL)),
        (MANAGER, OURS, READ | {K.USERS, K.ACCESS}),
        (MANAGER, THEIRS, set()),
        (MANAGER, None, set()),
        (MEMBER, OURS, READ),
        (MEMBER, THEIRS, set()),
        (MEMBER, THEM, {K.USERS, K.ACCESS}),
        (LONER, THEM, READ | {K.USERS, K.ACCESS}),
        (LONER, OURS, set()),
        (METER, OURS, {K.USAGE}),
        (BOUND, OURS, READ),
        (BOUND, THEIRS, set()),
    ],
)
async def test_one_hears_of_what_one_may_see(viewer: Viewer, whose: UUID | None, heard: set[ChangeKind]) -> None:
    assert heard_by(viewer, *(Change(kind, whose) for kind in ALL)) == heard


async def test_of_one_tenant_one_hears_what_is_its_own_or_several_tenants() -> None:
    usage = {OURS: {K.USAGE}, THEIRS: set(), None: {K.USAGE}}
    assert {whose: heard_by(SUPPORT, Change(K.USAGE, whose), of=OURS) for whose in usage} == usage
    assert heard_by(MEMBER, *EACH_OF_OURS, of=OURS) == READ
    assert heard_by(MEMBER, *EACH_OF_OURS, of=THEIRS) == heard_by(MEMBER, Change(K.ACCESS, THEM), of=OURS) == set()


async def test_one_hears_of_the_kinds_that_one_asked_for_each_once() -> None:
    feed, reader = ChangeFeed(), Reader(SUPPORT, [K.PRICES, K.USERS, K.PRICES])
    feed.listen(reader)
    feed.tell(EACH_OF_OURS * 3)
    assert taken(reader) == [K.USERS, K.PRICES]
    assert taken(reader) == []


async def test_whoever_may_read_less_than_before_hears_less_and_whoever_has_gone_nothing() -> None:
    feed, reader = ChangeFeed(), Reader(MANAGER, ALL, OURS)
    feed.listen(reader)
    assert feed.renew(reader, MEMBER)
    feed.tell(EACH_OF_OURS)
    assert set(taken(reader)) == READ
    assert not feed.renew(reader, LONER)
    feed.tell(EACH_OF_OURS)
    assert taken(reader) == []
    feed.renew(reader, MEMBER)
    feed.leave(reader)
    feed.tell_all()
    assert (taken(reader), feed.readers, feed._by_topic) == ([], 0, {})


class Notes:
    """What the process's transactions have told, story by story."""

    def __init__(self) -> None:
        self._heard: set[Change] = set()

    def hear(self, changes: Collection[Change]) -> None:
        self._heard |= set(changes)

    def told(self) -> set[tuple[ChangeKind, UUID | None]]:
        heard, self._heard = self._heard, set()
        return {(change.kind, change.whose) for change in heard}


@pytest.fixture
def notes() -> Iterator[Notes]:
    notes = Notes()
    hearers.add(notes.hear)
    yield notes
    hearers.discard(notes.hear)


def of(whose: UUID | None, *kinds: ChangeKind) -> set[tuple[ChangeKind, UUID | None]]:
    return {(kind, whose) for kind in kinds}


async def test_every_audited_change_tells_its_kind_and_whose_it_is(world: World, notes: Notes) -> None:
    core = world.core
    tenant = await world.tenant()
    assert notes.told() == of(tenant, K.TENANTS, K.ACCESS, K.AUDIT)
    member, loner = await world.user(tenant_id=tenant), await world.user()
    users = of(tenant, K.USERS, K.AUDIT) | of(member, K.USERS, K.ACCESS)
    assert notes.told() == users | of(loner, K.USERS, K.ACCESS, K.AUDIT)
    await update_user(core, access.SYSTEM, member, UserChanges(name="Sai"))
    assert notes.told() == users
    await add_vehicle(core, access.SYSTEM, member, "KA 01 AB 1234")
    assert notes.told() == users
    timeline = await world.price(tenant, "2025-03-01", "10")
    await cancel_price(core, access.SYSTEM, timeline.price.price.id)
    assert notes.told() == of(tenant, K.PRICES, K.USAGE, K.AUDIT)
    for bound in (tenant, None):
        token, _ = await create_api_token(core, access.SYSTEM, "meter", bound, ["usage:read"], None)
        assert notes.told() == of(bound, K.ACCESS, K.AUDIT)
        await revoke_api_token(core, access.SYSTEM, token)
        assert notes.told() == of(bound, K.ACCESS, K.AUDIT)
    await update_tenant(core, access.SYSTEM, tenant, TenantChanges(grace_days=3))
    await delete_user(core, access.SYSTEM, loner)
    assert notes.told() == of(tenant, K.TENANTS, K.ACCESS, K.AUDIT) | of(loner, K.USERS, K.ACCESS, K.AUDIT)
    await delete_tenant(core, access.SYSTEM, tenant)
    assert notes.told() == of(tenant, K.TENANTS, K.ACCESS, K.AUDIT) | users


async def test_of_a_user_who_moves_both_tenants_hear(world: World, notes: Notes) -> None:
    here, there = await world.tenant(), await world.tenant("Other")
    user = await world.user(tenant_id=here)
    notes.told()
    await update_user(world.core, access.SYSTEM, user, UserChanges(tenant_id=there))
    assert notes.told() == of(there, K.USERS, K.AUDIT) | of(here, K.USERS) | of(user, K.USERS, K.ACCESS)


async def test_usage_and_months_that_are_closed_are_told(world: World, notes: Notes) -> None:
    tenant, unused = await world.priced("2025-02-01"), await world.tenant("Unused")
    notes.told()
    await world.use(tenant, "1")
    assert notes.told() == of(tenant, K.USAGE)
    world.go("2025-03-01")
    await world.bill("2025-02", tenant, unused)
    assert notes.told() == of(None, K.BILLING, K.AUDIT) | of(tenant, K.INVOICES) | of(unused, K.INVOICES)


async def test_what_is_refused_or_only_tried_tells_nothing(world: World, notes: Notes) -> None:
    tenant, user = await world.priced("2025-02-01"), await world.user()
    notes.told()
    await world.price(tenant, "2025-03-01", "11", dry_run=True)
    await world.record(event(tenant, "1"), dry_run=True)
    await update_user(world.core, access.SYSTEM, user, UserChanges(name="Sai"), dry_run=True)
    async with world.refuses(BadInput):  # after it was written and noted: it would cost more than an amount can say
        await world.use(tenant, str(10**15))
    assert notes.told() == set()


async def test_what_was_perhaps_committed_is_told(world: World, notes: Notes) -> None:
    async def work(connection: BaseDBAsyncClient) -> None:
        note([Change(K.PRICES, OURS)])
        await connection.execute_query("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(Unavailable):
        await write(work)
    assert notes.told() == of(OURS, K.PRICES)
