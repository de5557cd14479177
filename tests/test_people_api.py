"""People over GraphQL: what is sent as null, what dry runs show, and that answers lead on after the change."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from server.embedded import Server
from tests import database
from tests.api import PASSWORD, PHONE, Api, Client, api
from tests.staff import OTHER_PASSWORD

TENANT = "... on TenantPayload { tenant { id name active closedAt wallet { id version } users { totalCount } } }"
USER = """... on UserPayload { user { id phone name email role active closedAt tenant { id }
  vehicles { id registration } wallet { id owner { ... on User { id } } } } }"""
WHY = "... on NotPossible { message }"
CREATE_TENANT = f"mutation ($input: CreateTenantInput!) {{ createTenant(input: $input) {{ {TENANT} }} }}"
UPDATE_TENANT = f"""mutation ($id: ID!, $input: UpdateTenantInput!, $dry: Boolean! = false) {{
  updateTenant(id: $id, input: $input, dryRun: $dry) {{ {TENANT} {WHY} }} }}"""
DELETE_TENANT = f"""mutation ($id: ID!, $dry: Boolean! = false) {{
  deleteTenant(id: $id, dryRun: $dry) {{ {TENANT} {WHY} }} }}"""
CREATE_USER = f"mutation ($input: CreateUserInput!) {{ createUser(input: $input) {{ {USER} {WHY} }} }}"
UPDATE_USER = f"""mutation ($id: ID!, $input: UpdateUserInput!, $dry: Boolean! = false) {{
  updateUser(id: $id, input: $input, dryRun: $dry) {{ {USER} {WHY} }} }}"""
DELETE_USER = f"mutation ($id: ID!, $dry: Boolean! = false) {{ deleteUser(id: $id, dryRun: $dry) {{ {USER} {WHY} }} }}"
ADD_VEHICLE = f"""mutation ($id: ID!, $plate: String!, $dry: Boolean! = false) {{
  addVehicle(userId: $id, registration: $plate, name: "Bike", dryRun: $dry) {{ {USER} {WHY} }} }}"""
REMOVE_VEHICLE = f"""mutation ($id: ID!, $dry: Boolean! = false) {{
  removeVehicle(id: $id, dryRun: $dry) {{ {USER} {WHY} }} }}"""
REGISTER = f"""mutation ($phone: String!, $dry: Boolean! = false) {{
  register(phone: $phone, name: "Asha", password: "{OTHER_PASSWORD}", dryRun: $dry) {{ {USER} {WHY} }} }}"""
SELF = "{ viewer { id } }"
BY_PHONE = "query ($phone: String) { user(phone: $phone) { id } }"
BY_ID = "query ($id: ID!) { node(id: $id) { __typename id } }"
EVERYBODY = "{ users { edges { node { id vehicles { registration } } } } wallets { edges { node { id } } } }"
TOP_UP = """mutation ($id: ID!) { topUp(input: {walletId: $id, amountMinor: 5, idempotencyKey: "k"}) {
  __typename ... on NotPossible { message } } }"""


@pytest_asyncio.fixture(scope="module")
async def here(database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Api]:
    async with database.copy(database_server, administrator) as url, api(url) as served:
        yield served


async def new_user(here: Api, phone: str, **more: Any) -> Any:
    asked = {"phone": phone, "name": "Ravi", "password": OTHER_PASSWORD, **more}
    return (await here.admin.get(CREATE_USER, input=asked))["user"]


async def new_tenant(here: Api, **more: Any) -> Any:
    return (await here.admin.get(CREATE_TENANT, input={"name": "Asha Press", **more}))["tenant"]


@asynccontextmanager
async def opened_registration(here: Api) -> AsyncIterator[None]:
    closed = here.shared.core
    here.shared.core = replace(closed, open_registration=True)
    yield
    here.shared.core = closed


async def test_what_is_not_given_stays_and_what_is_null_is_taken_away_or_refused(here: Api) -> None:
    tenant = await new_tenant(here)
    user = await new_user(here, "+919876500001", email="r@example.com", tenantId=tenant["id"])
    assert user["tenant"] == {"id": tenant["id"]}
    changed = (await here.admin.get(UPDATE_USER, id=user["id"], input={"name": "Ravi Kumar"}))["user"]
    assert changed == user | {"name": "Ravi Kumar"}
    left = (await here.signed_in.get(UPDATE_USER, id=user["id"], input={"email": None, "tenantId": None}))["user"]
    assert (left["email"], left["tenant"], left["name"]) == (None, None, "Ravi Kumar")
    for field in ("phone", "name", "password", "role", "active"):
        assert await here.admin.code(UPDATE_USER, id=user["id"], input={field: None}) == "BAD_USER_INPUT"
    for field in ("name", "billingZone", "graceDays", "finalizationDays", "billingDelayHours", "active"):
        assert await here.admin.code(UPDATE_TENANT, id=tenant["id"], input={field: None}) == "BAD_USER_INPUT"
    same = await here.admin.get(UPDATE_TENANT, id=tenant["id"], input={})
    assert same["tenant"]["name"] == "Asha Press"


async def test_a_dry_run_shows_the_change_and_the_thing_itself(here: Api) -> None:
    user = await new_user(here, "+919876500002")
    would_be = (await here.signed_in.get(UPDATE_USER, id=user["id"], input={"role": "SUPPORT"}, dry=True))["user"]
    assert would_be == user | {"role": "SUPPORT"}
    tenant = await new_tenant(here)
    closed = (await here.admin.get(DELETE_TENANT, id=tenant["id"], dry=True))["tenant"]
    assert closed == tenant | {"closedAt": closed["closedAt"]}
    assert closed["closedAt"] is not None
    assert (await here.admin.get(DELETE_USER, id=user["id"], dry=True))["user"]["closedAt"] is not None
    assert await here.admin.get(BY_PHONE, phone="+919876500002") == {"id": user["id"]}


async def test_vehicles_in_a_dry_run_are_those_that_would_be(here: Api) -> None:
    user = await new_user(here, "+919876500003")
    parked = (await here.admin.get(ADD_VEHICLE, id=user["id"], plate="ka 1"))["user"]["vehicles"]
    assert [vehicle["registration"] for vehicle in parked] == ["KA 1"]
    (vehicle,) = parked
    assert await here.admin.get(BY_ID, id=vehicle["id"]) == {"__typename": "Vehicle", "id": vehicle["id"]}
    dry = (await here.admin.get(ADD_VEHICLE, id=user["id"], plate="ka 2", dry=True))["user"]["vehicles"]
    assert dry[0] == vehicle
    assert dry[1]["id"].startswith("dry_veh_")
    assert await here.admin.get(BY_ID, id=dry[1]["id"]) is None
    assert (await here.admin.get(REMOVE_VEHICLE, id=vehicle["id"], dry=True))["user"]["vehicles"] == []
    assert "already" in (await here.admin.get(ADD_VEHICLE, id=user["id"], plate="KA  1"))["message"]
    assert (await here.admin.get(REMOVE_VEHICLE, id=vehicle["id"]))["user"]["vehicles"] == []
    assert await here.admin.code(REMOVE_VEHICLE, id=vehicle["id"]) == "NOT_FOUND"
    assert await here.admin.code(REMOVE_VEHICLE, id="veh_x") == "NOT_FOUND"


async def test_the_vehicles_of_a_whole_page_are_read_in_one_statement(
    here: Api, caplog: pytest.LogCaptureFixture
) -> None:
    for n in range(3):
        user = await new_user(here, f"+91987650001{n}")
        await here.admin.get(ADD_VEHICLE, id=user["id"], plate=f"MH {n}")
    with caplog.at_level(logging.DEBUG, logger="tortoise.db_client"):
        shown = (await here.admin.ask(EVERYBODY))["data"]["users"]["edges"]
    assert [len(edge["node"]["vehicles"]) for edge in shown[:3]] == [1, 1, 1]
    assert sum('FROM "vehicles"' in record.getMessage() for record in caplog.records) == 1


async def test_a_suspended_persons_session_ends_at_once_and_signing_in_is_refused(here: Api) -> None:
    user = await new_user(here, "+919876500004")
    ravi = await here.nobody.sign_in("+919876500004", OTHER_PASSWORD)
    assert await ravi.get(SELF) == {"id": user["id"]}
    await here.signed_in.get(UPDATE_USER, id=user["id"], input={"active": False})
    assert await ravi.get(SELF) is None
    await here.signed_in.get(UPDATE_USER, id=user["id"], input={"active": True})
    assert await ravi.get(SELF) is None
    await here.nobody.sign_in("+919876500004", OTHER_PASSWORD)


async def test_a_deleted_person_is_signed_out_and_stays_to_be_read_by_id(here: Api) -> None:
    user = await new_user(here, "+919876500005")
    ravi = await here.nobody.sign_in("+919876500005", OTHER_PASSWORD)
    assert await ravi.get(SELF) == {"id": user["id"]}
    deleted = (await here.signed_in.get(DELETE_USER, id=user["id"]))["user"]
    assert deleted["wallet"]["owner"] == {"id": user["id"]}
    assert await ravi.get(SELF) is None
    for thing in (user["id"], user["wallet"]["id"]):
        assert (await here.signed_in.get(BY_ID, id=thing))["id"] == thing
    assert await here.admin.get(BY_PHONE, phone="+919876500005") is None
    listed = (await here.admin.ask(EVERYBODY))["data"]
    shown = [edge["node"]["id"] for edges in listed.values() for edge in edges["edges"]]
    assert user["id"] not in shown
    assert user["wallet"]["id"] not in shown
    assert "was deleted" in (await here.admin.get(TOP_UP, id=user["wallet"]["id"]))["message"]
    assert (await new_user(here, "+919876500005"))["id"] != user["id"]


async def test_a_suspended_tenants_people_and_tokens_are_refused(here: Api) -> None:
    tenant = await new_tenant(here)
    await new_user(here, "+919876500006", tenantId=tenant["id"])
    member = await here.nobody.sign_in("+919876500006", OTHER_PASSWORD)
    token = """mutation ($id: ID!) { createApiToken(input: {name: "t", tenantId: $id, permissions: ["tenant:read"]}) {
      ... on ApiTokenPayload { token } } }"""
    program = Client(here.http, here.url, (await here.signed_in.get(token, id=tenant["id"]))["token"])
    read = "query ($id: ID!) { tenant(id: $id) { name } }"
    for client in (member, program):
        assert await client.get(read, id=tenant["id"]) == {"name": "Asha Press"}
    answered = (await here.signed_in.get(UPDATE_TENANT, id=tenant["id"], input={"active": False}))["tenant"]
    assert (answered["active"], answered["users"]["totalCount"]) == (False, 1)
    for client in (member, program):
        assert await client.code(read, id=tenant["id"]) == "UNAUTHENTICATED"
    await here.signed_in.get(UPDATE_TENANT, id=tenant["id"], input={"active": True})
    assert await program.get(read, id=tenant["id"]) == {"name": "Asha Press"}
    assert await member.code(read, id=tenant["id"]) == "UNAUTHENTICATED"


async def test_a_super_admin_demotes_themselves_while_there_is_another(here: Api) -> None:
    boss = await here.signed_in.get(CREATE_USER, input={
        "phone": "+919876500008", "name": "Boss", "password": OTHER_PASSWORD, "role": "SUPER_ADMIN"})  # fmt: skip
    second = await here.nobody.sign_in("+919876500008", OTHER_PASSWORD)
    answered = await second.get(UPDATE_USER, id=boss["user"]["id"], input={"role": "MEMBER"})
    assert answered["user"]["role"] == "MEMBER"
    assert await second.get(SELF) is None
    first = await here.signed_in.get(SELF)
    refused = await here.signed_in.get(UPDATE_USER, id=first["id"], input={"role": "MEMBER"})
    assert refused == {"message": "Administrator is the last active SUPER_ADMIN: make another one first."}
    assert (await here.nobody.sign_in(PHONE, PASSWORD)).token


async def test_people_register_where_that_is_open(here: Api) -> None:
    assert await here.nobody.code(REGISTER, phone="+919876500009") == "FORBIDDEN"
    async with opened_registration(here):
        dry = (await here.nobody.get(REGISTER, phone="+919876500009", dry=True))["user"]
        assert dry["id"].startswith("dry_usr_")
        assert dry["wallet"]["owner"] == {"id": dry["id"]}
        made = (await here.nobody.get(REGISTER, phone="+91 98765 00009"))["user"]
        assert made["wallet"] == {"id": made["id"].replace("usr", "wal"), "owner": {"id": made["id"]}}
        assert (made["role"], made["tenant"], made["vehicles"]) == ("MEMBER", None, [])
        again = await here.nobody.get(REGISTER, phone="+919876500009")
        assert again == {"message": "The phone +919876500009 belongs to another user."}
        assert await here.nobody.code(REGISTER, phone="98765") == "BAD_USER_INPUT"
    asha = await here.nobody.sign_in("+919876500009", OTHER_PASSWORD)
    assert await asha.get(SELF) == {"id": made["id"]}
