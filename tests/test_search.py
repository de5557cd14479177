"""Whatever somebody looks for is found by a name, a phone, a number or an id, best first, by those who may see it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from domain import access, ids, people
from domain.access import READ_ONLY, Role, Viewer
from domain.billing import Invoice
from domain.people import UserChanges
from domain.searching import phone_digits, wanted
from services import owner_names, people_queries, search
from services.api_tokens import create_api_token
from services.deletion import delete_tenant, delete_user
from services.owner_names import MOST_NAMED, like
from services.people import create_tenant, create_user
from services.people_changes import update_user
from services.people_input import NewTenant, NewUser
from services.wallet_lists import WalletFilter, count_wallets, list_wallets
from tests.api import Api, Client, api
from tests.crowd import crowd
from tests.world import World, opened_world

world = opened_world
PHONE = "+919876543210"
SEARCH = "query ($text: String!, $first: Int) { search(text: $text, first: $first) { id } }"


async def found(world: World, text: str, viewer: Viewer = access.SYSTEM, limit: int = 25) -> list[str]:
    """Names and numbers, in order."""
    return [
        people.invoice_number(one.code, one.count) if isinstance(one, Invoice) else one.name
        for one in await search.find(viewer, text, limit)
    ]


async def user(world: World, name: str, phone: str = PHONE, **more: Any) -> UUID:
    return (await create_user(world.core, access.SYSTEM, NewUser(phone, name, None, **more))).id


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("+91 98765 43210", "919876543210"),
        ("0091-98765-43210", "919876543210"),
        ("(+91) 98765.43210", "919876543210"),
        ("+91 (98765) 432/10", "919876543210"),
        ("098765 43210", "9876543210"),
        ("९८७६५ ४३२१०", "9876543210"),
        ("76543", "76543"),
        ("12", ""),
        ("3 books", ""),
        ("", ""),
    ],
)
def test_the_digits_of_a_phone_are_read_in_any_writing(typed: str, digits: str) -> None:
    assert phone_digits(typed) == digits


@pytest.mark.parametrize(
    ("typed", "code", "count"),
    [
        ("msp-7", "MSP", "7"),
        ("MSP-00", "MSP", "00"),
        ("Msp2-", "MSP2", ""),
        ("msp", "MSP", None),
        ("sai ram", "", None),
    ],
)
def test_a_number_is_read_as_far_as_it_was_typed(typed: str, code: str, count: str | None) -> None:
    assert (wanted(typed).code, wanted(typed).count) == (code, count)


async def test_names_that_begin_so_come_first_then_words_then_parts_of_them(world: World) -> None:
    for name in ("Semohana", "Sai Mohan Press", "New Mohan", "Mohan  Sai Publications", "Ravi", "100% Mohan_X", "Ünal"):
        await world.tenant(name)
    mohans = ["Mohan  Sai Publications", "100% Mohan_X", "New Mohan", "Sai Mohan Press", "Semohana"]
    assert await found(world, " MOHAN ") == mohans
    assert await found(world, "mohan", limit=2) == mohans[:2]
    assert await found(world, "sai mohan") == ["Sai Mohan Press", "Mohan  Sai Publications"]
    assert await found(world, "mohan s") == ["Mohan  Sai Publications", "Sai Mohan Press", "Semohana"]
    assert await found(world, "sa") == ["Sai Mohan Press", "Mohan  Sai Publications"]
    assert await found(world, "n") == ["New Mohan"]
    assert await found(world, "100%") == await found(world, "n_x") == ["100% Mohan_X"]
    assert await found(world, "ÜNAL") == ["Ünal"]
    for nothing in ("%", "___", "mohanx", "  ", "mohan ravi", "\\", "'"):
        assert await found(world, nothing) == []


async def test_a_phone_is_found_in_any_writing_and_by_any_part_of_it(world: World) -> None:
    await user(world, "Asha")
    await user(world, "Ravi", "+919876543211")
    await world.tenant("Depot 9876543210")
    for whole in (PHONE, "+91 98765-43210", "0091 (98765) 43210", "91 98765 43210"):
        assert (await found(world, whole))[0] == "Asha"
    for national in ("98765 43210", "098765.43210", "9876543210"):
        assert await found(world, national) == ["Asha", "Depot 9876543210"]
    assert await found(world, "65-432") == ["Asha", "Depot 9876543210", "Ravi"]
    assert await found(world, "+91 98765 43219") == []


async def test_invoices_are_found_by_their_numbers_and_by_the_beginnings_of_them(world: World) -> None:
    tenant = await world.priced("2025-01-01")
    await world.top_up(tenant, 1_000)
    for month in range(2, 5):
        await world.use(tenant, "1", f"2025-0{month}-01")
        world.go(f"2025-0{month + 1}-01")
        await world.bill(f"2025-0{month}", tenant)
    numbers = ["MSP-0003", "MSP-0002", "MSP-0001"]
    for whole in ("MSP-0002", "msp-2", " Msp-0002 "):
        assert await found(world, whole) == ["MSP-0002"]
    for beginning in ("msp-", "MSP-0", "MSP-000"):
        assert await found(world, beginning) == numbers
    assert await found(world, "msp") == ["Mohan Sai Publications", *numbers]
    for nothing in ("MSP-4", "MSP-1x", "MSQ-1", "MSP2-1"):
        assert await found(world, nothing) == []


async def test_one_is_shown_what_one_may_see_and_nothing_else(world: World) -> None:
    ours, theirs = await world.tenant("Sai Press", external_id="ours"), await world.tenant("Sai Media", external_id="x")
    member = await user(world, "Sai Kumar", tenant_id=ours)
    await user(world, "Sai Reddy", "+919876543211", tenant_id=ours)
    await user(world, "Sai Nair", "+919876543212", tenant_id=theirs)
    loner = await user(world, "Sai Rao", "+919876543213")

    def of(role: Role, user_id: UUID, tenant: UUID | None = ours) -> Viewer:
        return access.viewer_of_user(user_id, role, tenant, None)

    everybody = ["Sai Kumar", "Sai Media", "Sai Nair", "Sai Press", "Sai Rao", "Sai Reddy"]
    for viewer, seen in (
        (of(Role.SUPPORT, UUID(int=1), None), everybody),
        (of(Role.TENANT_ADMIN, UUID(int=1)), ["Sai Kumar", "Sai Press", "Sai Reddy"]),
        (of(Role.MEMBER, member), ["Sai Kumar", "Sai Press"]),
        (of(Role.MEMBER, loner, None), ["Sai Rao"]),
        (access.viewer_of_token(UUID(int=1), ours, READ_ONLY), ["Sai Press"]),
        (access.viewer_of_token(UUID(int=1), None, frozenset({"tenant:read"})), ["Sai Media", "Sai Press"]),
        (access.viewer_of_token(UUID(int=1), None, frozenset({"usage:write"})), []),
    ):
        assert await found(world, "sai", viewer) == seen
        for text, name in (("ours", "Sai Press"), ("x", "Sai Media"), ("98765 43212", "Sai Nair")):
            assert await found(world, text, viewer) == ([name] if name in seen else [])


async def test_names_are_found_as_they_are_now(world: World) -> None:
    tenant, asha = await world.tenant("Old Press"), await user(world, "Asha")
    await update_user(world.core, access.SYSTEM, asha, UserChanges(name="Usha", phone="+919876543299"))
    assert await found(world, "asha") == await found(world, PHONE) == []
    assert await found(world, "usha") == await found(world, "+91 98765 43299") == ["Usha"]
    await delete_user(world.core, access.SYSTEM, asha)
    await delete_tenant(world.core, access.SYSTEM, tenant)
    assert await found(world, "usha") == await found(world, "old press") == []
    assert await world.sql("SELECT * FROM owner_names") == []


async def test_lists_find_the_same_by_the_index_and_by_walking_through(world: World) -> None:
    await crowd(world.database, MOST_NAMED + 200)
    await world.sql("UPDATE tenants SET name = 'Übung ' || code || ' 100%' WHERE code LIKE 'PRS10%'")
    for number in range(10):
        await user(world, f"Ravi Press {number}", f"+9198765432{number:02d}")
    users, tenants = (
        await world.sql("SELECT id, name, phone FROM users"),
        await world.sql("SELECT id, name FROM tenants"),
    )
    texts = ("press", "PRESS 77", "übung", "ÜBUNG prs1", "0%", "s10", "9876543205", "9", "vi p", "nothing", "")
    for text in texts:
        here = {uuid for uuid, name in tenants if text.casefold() in name.casefold()}
        people_here = {uuid for uuid, name, phone in users if text.casefold() in name.casefold() or text in phone}
        assert {t.id for t in await people_queries.list_tenants(access.SYSTEM, text, 5_000, None)} == here
        assert {u.id for u in await people_queries.list_users(access.SYSTEM, text, 5_000, None)} == people_here
        wallets = await list_wallets(access.SYSTEM, WalletFilter(search=text), 5_000, None)
        assert {wallet.id for wallet in wallets} == here | people_here
        assert await count_wallets(access.SYSTEM, WalletFilter(search=text)) == len(here | people_here)
    assert await owner_names.named(access.SYSTEM, "press") is None
    assert len(await owner_names.named(access.SYSTEM, "press", of_tenant=False) or ()) == 10
    assert await found(world, "98765 43205") == ["Ravi Press 5"]


async def test_a_rare_name_is_found_by_the_index_alone(world: World) -> None:
    await crowd(world.database, 2_000)
    await world.database.execute("ANALYZE owner_names")
    plan = await world.sql(f"EXPLAIN {owner_names._NAMED}", "press 77", like("press 77"), None, None)
    assert "owner_names_pieces" in str(plan)
    assert "Seq Scan" not in str(plan)


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def test_a_wallet_follows_its_owner_and_anything_is_found_by_its_id(here: Api) -> None:
    core = here.shared.core
    tenant = await create_tenant(core, access.SYSTEM, NewTenant("Mohan Sai", external_id="acct 7"))
    person = await create_user(core, access.SYSTEM, NewUser(PHONE, "Mohan", None, tenant_id=tenant.id))
    ten, usr = ids.make("ten", tenant.id), ids.make("usr", person.id)
    of_tenant, of_person = [ten, ids.make("wal", tenant.id)], [usr, ids.make("wal", person.id)]

    async def ask(text: str, first: int = 10) -> list[str]:
        return [node["id"] for node in await here.admin.get(SEARCH, text=text, first=first)]

    assert await ask("mohan") == of_person + of_tenant
    assert await ask("mohan", 1) == of_person[:1]
    assert await ask("acct 7") == await ask(str(tenant.id)) == of_tenant
    assert await ask("98765 43210") == await ask(person.id.hex.upper()) == of_person
    for exact in (ten, usr, of_tenant[1]):
        assert await ask(f" {exact.upper()} ") == [exact]
    other = await create_tenant(core, access.SYSTEM, NewTenant("Other"))
    made = await create_api_token(core, access.SYSTEM, "theirs", other.id, sorted(READ_ONLY), None)
    bound = Client(here.http, here.url, made[1])
    for text in (ids.make("ten", other.id), str(other.id), ten, str(tenant.id), usr, of_tenant[1]):
        seen = [node["id"] for node in await bound.get(SEARCH, text=text)]
        assert seen == (await ask(text) if other.id.hex in text.replace("-", "") else [])
    for nothing in ("", " ", ids.make("ten", person.id), "ten_", "wal_x", "dry_1"):
        assert await ask(nothing) == []
    for bad in ({"text": "x" * 201}, {"text": "x", "first": 26}, {"text": "x", "first": 0}, {"text": "a\0"}):
        assert await here.admin.code(SEARCH, **bad) == "BAD_USER_INPUT"
    assert await here.nobody.code(SEARCH, text="mohan") == "UNAUTHENTICATED"
