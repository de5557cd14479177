"""The first card's routes: wallets and users, read and changed as the GraphQL API has it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from domain import access
from server.embedded import Server
from services.people import create_user
from services.people_input import NewUser
from tests import database
from tests.api import PASSWORD, PHONE, api
from tests.rest import PROBLEM, Rest
from tests.walletless import walletless

WALLET, USER = "/api/core/wallet", "/api/core/user"
LOCK = 'mutation ($id: ID!) { lockWallet(walletId: $id, reason: "asked for") { __typename } }'


@pytest_asyncio.fixture(scope="module")
async def url(database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[str]:
    async with database.copy(database_server, administrator) as url:
        yield url


@pytest_asyncio.fixture(scope="module")
async def rest(url: str) -> AsyncIterator[Rest]:
    async with api(url) as here:
        yield Rest(here, here.admin.token)


async def person(rest: Rest, phone: str, **more: Any) -> dict[str, Any]:
    """A new user, with a wallet; without a password, which would cost time to hash."""
    new = NewUser(**{"phone": phone, "name": f"Ravi {phone}", "password": None, **more})
    await create_user(rest.here.shared.core, access.SYSTEM, new)
    made: dict[str, Any] = await rest.ask("GET", f"{USER}/user/{phone}")
    del made["wallet"]["transactions"]
    return made


async def test_a_user_is_made_with_a_wallet_and_reported_with_all_that_is_theirs(rest: Rest) -> None:
    response = await rest.send(
        "POST", f"{USER}/user/create", {"phone": "+91 98765 43210", "name": "Ravi", "password": PASSWORD}
    )
    made = response.json()
    assert (response.status_code, made["phone"], made["role"]) == (201, "+919876543210", "MEMBER")
    assert made["wallet"]["balance"] == {"total": 0, "locked": 0, "available": 0}
    await rest.ask("PUT", f"{WALLET}/wallet/{made['wallet']['id']}", {"balanceMinor": 700})
    for phone in ("+919876543210", "%2B919876543210", "+91%2098765%2043210"):
        report = await rest.ask("GET", f"{USER}/user/{phone}")
        assert {**report, "wallet": None, "vehicles": None} == {**made, "wallet": None, "vehicles": None}
        assert report["vehicles"] == []
        assert report["wallet"]["balance"]["total"] == 700
        assert [line["amountMinor"] for line in report["wallet"]["transactions"]] == [700]


async def test_a_wallet_is_found_by_its_id_and_by_its_user(rest: Rest) -> None:
    made = await person(rest, "+919876543211")
    wallet = await rest.ask("GET", f"{WALLET}/wallet/{made['wallet']['id']}")
    assert wallet == made["wallet"] == await rest.ask("GET", f"{WALLET}/wallet/user/{made['id']}")
    assert wallet["owner"] == {"kind": "User", "id": made["id"], "name": made["name"], "phone": made["phone"]}
    for path in ("wal_nothing", "wallet/user/usr_nothing", made["id"], f"user/{made['wallet']['id']}"):
        assert (await rest.problem("GET", f"{WALLET}/wallet/{path}"))["code"] == "NOT_FOUND"


async def test_the_balance_is_added_to_subtracted_from_and_set(rest: Rest) -> None:
    wallet = (await person(rest, "+919876543212"))["wallet"]["id"]
    path = f"{WALLET}/wallet/{wallet}/balance"
    added = await rest.ask("PUT", path, {"operation": "add", "amountMinor": 10_000, "description": "cash"})
    assert (added["balance"]["total"], added["version"], added["basedOnVersion"]) == (10_000, 1, 0)
    [line] = added["transactions"]
    assert (line["type"], line["reason"], line["amountMinor"], line["description"]) == (
        "CREDIT", "ADJUSTMENT", 10_000, "cash",
    )  # fmt: skip
    taken = await rest.ask("PUT", path, {"operation": "SUBTRACT", "amountMinor": 2_500, "expectedVersion": 1})
    assert taken["balance"]["total"] == 7_500
    assert (await rest.ask("PUT", path, {"operation": "Set", "amountMinor": 0}))["balance"]["total"] == 0
    named = f"{WALLET}/wallet/{wallet}"
    assert (await rest.ask("PUT", named, {"amountMinor": 300}))["balance"]["total"] == 300
    assert (await rest.ask("PUT", named, {"balanceMinor": 200}))["transactions"][0]["amountMinor"] == -100


async def test_what_cannot_be_done_is_a_problem_with_its_figures(rest: Rest) -> None:
    wallet = (await person(rest, "+919876543213"))["wallet"]["id"]
    path = f"{WALLET}/wallet/{wallet}/balance"
    short = await rest.send("PUT", path, {"operation": "subtract", "amountMinor": 5})
    assert (short.status_code, short.headers["content-type"]) == (402, PROBLEM)
    assert short.json() == {
        "type": "urn:problem-type:tijori:insufficient-funds", "title": "Insufficient funds", "status": 402,
        "detail": "This takes INR 0.05, but INR 0.00 is available: INR 0.05 short. Top up the wallet and repeat.",
        "code": "INSUFFICIENT_FUNDS", "availableMinor": 0, "requiredMinor": 5, "shortfallMinor": 5,
    }  # fmt: skip
    moved = await rest.problem("PUT", path, {"operation": "add", "amountMinor": 5, "expectedVersion": 7})
    assert (moved["status"], moved["code"], moved["wallet"]["version"]) == (409, "VERSION_CONFLICT", 0)
    same = await rest.problem("PUT", path, {"operation": "set", "amountMinor": 0})
    assert (same["status"], same["code"]) == (409, "NOT_POSSIBLE")
    await rest.here.admin.get(LOCK, id=wallet)
    locked = await rest.problem("PUT", path, {"operation": "subtract", "amountMinor": 5})
    assert (locked["status"], locked["code"], locked["walletId"]) == (423, "WALLET_LOCKED", wallet)
    assert (locked["unlockAmount"], locked["topUpUnlocks"], locked["reasons"]) == (0, False, ["MANUAL"])
    assert (await rest.ask("GET", f"{WALLET}/wallet/{wallet}"))["version"] == 1


async def test_a_key_counts_once_and_names_its_operation_to_another_request(rest: Rest) -> None:
    wallet = (await person(rest, "+919876543214"))["wallet"]["id"]
    path, key = f"{WALLET}/wallet/{wallet}/balance", {"Idempotency-Key": "k" * 255}
    asked = {"operation": "add", "amountMinor": 100}
    first = await rest.ask("PUT", path, asked, key)
    assert await rest.ask("PUT", path, asked, key) == {**first, "replayed": True}
    other = await rest.problem("PUT", path, {**asked, "amountMinor": 101}, key)
    assert (other["status"], other["code"], other["operationId"]) == (
        409, "IDEMPOTENCY_CONFLICT", first["operationId"],
    )  # fmt: skip
    for _ in range(2):
        await rest.ask("PUT", path, asked)  # without one each counts
    assert (await rest.ask("GET", f"{WALLET}/wallet/{wallet}"))["balance"]["total"] == 300
    for wrong in ("", "k" * 256):
        assert (await rest.problem("PUT", path, asked, {"Idempotency-Key": wrong}))["code"] == "BAD_USER_INPUT"


async def test_a_dry_run_says_what_would_be_and_leaves_all_as_it_is(rest: Rest) -> None:
    wallet = (await person(rest, "+919876543215"))["wallet"]["id"]
    path, key = f"{WALLET}/wallet/{wallet}/balance", {"Idempotency-Key": "dry"}
    would = await rest.ask("PUT", f"{path}?dryRun=true", {"operation": "add", "amountMinor": 9}, key)
    assert (would["balance"]["total"], would["dryRun"], would["operationId"][:4]) == (9, True, "dry_")
    assert (await rest.ask("PUT", f"{path}?dryRun=false", {"operation": "add", "amountMinor": 8}, key))["version"] == 1
    asked = {"phone": "+919876543299", "name": "Nobody", "password": PASSWORD}
    response = await rest.send("POST", f"{USER}/user/create?dryRun=true", asked)
    assert (response.status_code, response.json()["id"][:4]) == (200, "dry_")
    assert (await rest.problem("GET", f"{USER}/user/+919876543299"))["status"] == 404
    assert "true or false" in (await rest.problem("PUT", f"{path}?dryRun=yes", {}))["detail"]


async def test_a_user_is_changed_and_deleted_by_phone(rest: Rest) -> None:
    made = await person(rest, "+919876543216", email="ravi@example.com")
    tenant = await rest.tenant("t_users")
    asked = {"name": "Ravi Kumar", "phone": "+919876543217", "email": None, "tenantId": "t_users"}
    administrator = rest.by(rest.here.signed_in.token)
    changed = await administrator.ask("PUT", f"{USER}/user/{made['phone']}", asked)
    assert changed["tenant"]["id"] == tenant
    assert (changed["id"], changed["name"], changed["phone"], changed["email"]) == (
        made["id"], "Ravi Kumar", "+919876543217", None,
    )  # fmt: skip
    path = f"{USER}/user/+919876543217"
    taken = await rest.problem("PUT", path, {"phone": PHONE})
    assert (taken["status"], taken["code"]) == (409, "NOT_POSSIBLE")
    await rest.ask("PUT", f"{WALLET}/wallet/{made['wallet']['id']}", {"balanceMinor": 5})
    refused = await rest.problem("DELETE", path)
    assert (refused["status"], refused["code"]) == (409, "NOT_POSSIBLE")
    await rest.ask("PUT", f"{WALLET}/wallet/{made['wallet']['id']}", {"balanceMinor": 0})
    named = {"id": made["id"], "name": "Ravi Kumar"}
    assert await rest.ask("DELETE", f"{path}?dryRun=true") == {**named, "deleted": False}
    assert await rest.ask("DELETE", path) == {**named, "deleted": True}
    assert (await rest.problem("DELETE", path))["status"] == 404


async def test_a_wallet_goes_with_its_owner_and_only_when_it_is_empty(rest: Rest) -> None:
    made, tenant = await person(rest, "+919876543218"), await rest.tenant("t_gone")
    await rest.ask("POST", "/api/v1/admin/tenants/t_gone/wallet/topup", {"amountMinor": 100})
    wallet = tenant.replace("ten_", "wal_")
    full = await rest.problem("DELETE", f"{WALLET}/wallet/{wallet}")
    assert (full["status"], full["code"], "INR 1.00" in full["detail"]) == (409, "NOT_POSSIBLE", True)
    await rest.ask("PUT", f"{WALLET}/wallet/{wallet}", {"balanceMinor": 0})
    gone = await rest.ask("DELETE", f"{WALLET}/wallet/{wallet}")
    assert gone == {"id": tenant, "name": "Mohan Sai", "deleted": True}
    assert (await rest.ask("DELETE", f"{WALLET}/wallet/{made['wallet']['id']}"))["id"] == made["id"]
    assert (await rest.problem("GET", f"{USER}/user/{made['phone']}"))["status"] == 404


async def test_a_wallet_that_an_import_left_out_is_made_once(rest: Rest, url: str) -> None:
    connection = await asyncpg.connect(url)
    [user] = await walletless(connection, ["Imported"])
    await connection.close()
    asked, path = {"userId": f"usr_{UUID(str(user)).hex}", "currency": "KWD"}, f"{WALLET}/wallet/create"
    would = await rest.send("POST", f"{path}?dryRun=true", asked)
    assert (would.status_code, would.json()["id"][:8]) == (200, "dry_wal_")
    made = await rest.send("POST", path, asked)
    assert (made.status_code, made.json()["currency"], made.json()["currencyExponent"]) == (201, "KWD", 3)
    again = await rest.problem("POST", path, asked)
    assert (again["status"], again["code"]) == (409, "NOT_POSSIBLE")
    assert (await rest.problem("POST", path, {"userId": "usr_nobody"}))["status"] == 404


async def test_lists_are_paged_by_what_comes_next_and_searched(rest: Rest) -> None:
    for number in range(3):
        await person(rest, f"+9198760000{number:02d}", name=f"Paged {number}")
    for path, name in ((f"{USER}/users", "users"), (f"{WALLET}/wallets", "wallets")):
        found: list[str] = []
        after = ""
        while True:
            page = await rest.ask("GET", f"{path}?limit=2&search=Paged{after}")
            found += [(one.get("owner") or one)["name"] for one in page[name]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert found == ["Paged 2", "Paged 1", "Paged 0"]
    assert "no parameter" in (await rest.problem("GET", "/api/v1/tenant/wallet/balance?dryrun=true"))["detail"]
    for wrong in ("limit=0", "limit=101", "limit=x", "limit=²", "limit=", "after=x", "offset=2"):
        assert (await rest.problem("GET", f"{USER}/users?{wrong}"))["status"] == 400


async def test_nobody_is_answered_without_a_token_and_a_cookie_is_none(rest: Rest) -> None:
    nobody = rest.by(None)
    for method, path, body in (("GET", f"{USER}/users", None), ("POST", "/api/v1/usage", {"events": []})):
        for headers in ({}, {"Cookie": f"token={rest.token}"}, {"Authorization": f"Basic {rest.token}"}):
            response = await nobody.send(method, path, body, headers)
            assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
            assert response.json()["code"] == "UNAUTHENTICATED"


async def test_what_no_route_takes_is_a_problem_too(rest: Rest) -> None:
    paths = "/api/", "/api/v1", "/api/v1/nothing", "/api/v1/tenant/wallet/balance/", "/api/v1/docs/nothing.js"
    for path in (*paths, "/api/v1/admin/tenants/%0A/pricing"):
        missing = await rest.problem("GET", path)
        assert (missing["status"], missing["code"]) == (404, "NOT_FOUND")
    wrong = await rest.send("DELETE", "/api/v1/tenant/wallet/balance")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert {name.strip() for name in wrong.headers["allow"].split(",")} == {"GET", "HEAD"}
    assert (await rest.problem("POST", "/api/v1/docs/start.js"))["code"] == "METHOD_NOT_ALLOWED"
    head = await rest.send("HEAD", f"{USER}/user/{PHONE}")
    assert (head.status_code, head.content) == (200, b"")


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not JSON"),
    "no JSON": (b"amountMinor=5", "not JSON"),
    "a list": (b"[]", "as a JSON object"),
    "null": (b"null", "as a JSON object"),
    "a tail": (b'{"amountMinor": 5} x', "not JSON"),
    "bad UTF-8": (b'{"description": "\xff"}', "not JSON"),
    "a key twice": (b'{"amountMinor": 5, "amountMinor": 6}', "twice"),
    "nesting": (b'{"amountMinor": ' + b"[" * 40 + b"]" * 40 + b"}", "nested too deeply"),
    "a long number": (b'{"amountMinor": 1' + b"0" * 40 + b"}", "at most 19 digits"),
    "a NUL": (b'{"amountMinor": 5, "description": "\\u0000"}', "U+0000"),
    "a field that is not there": (b'{"amountMinor": 5, "amount": 6}', "no field 'amount'"),
    "nothing": (b"{}", "amountMinor is missing"),
    "a float": (b'{"amountMinor": 5.0}', "amountMinor: Amounts are whole minor units"),
    "a string": (b'{"amountMinor": "5"}', "amountMinor: Amounts are whole minor units"),
    "a truth": (b'{"amountMinor": true}', "amountMinor: Amounts are whole minor units"),
    "too much": (b'{"amountMinor": 9007199254740992}', "amountMinor: Amounts are whole minor units"),
    "zero": (b'{"amountMinor": 0}', "amountMinor takes 1 to"),
    "below zero": (b'{"amountMinor": -1}', "amountMinor takes 1 to"),
    "a number for a text": (b'{"amountMinor": 5, "description": 5}', "description: "),
    "GraphQL's own field": (b'{"amountMinor": 5, "walletId": "wal_x"}', "no field 'walletId'"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_body_is_answered_with_what_to_send(rest: Rest, name: str) -> None:
    body, says = BAD[name]
    await rest.here.admin.get('mutation { createTenant(input: {name: "Bad", externalId: "t_bad"}) { __typename } }')
    problem = await rest.problem("POST", "/api/v1/admin/tenants/t_bad/wallet/topup", body)
    assert (problem["status"], problem["code"]) == (400, "BAD_USER_INPUT")
    assert says in problem["detail"]
    assert "$input" not in problem["detail"]


async def test_what_was_sent_is_never_said_again(rest: Rest) -> None:
    problem = await rest.problem("POST", f"{USER}/user/create", {"password": "a secret that is kept", "name": 5})
    assert (problem["status"], "secret" in str(problem)) == (400, False)


async def test_a_body_may_be_called_anything_but_not_be_too_large_or_compressed(rest: Rest) -> None:
    path = "/api/v1/admin/tenants/t_types/wallet/topup"
    await rest.tenant("t_types")
    for media_type in ("application/json", "application/x-www-form-urlencoded", "text/plain", "nonsense"):
        await rest.ask("POST", path, {"amountMinor": 1}, {"Content-Type": media_type})
    large = await rest.problem("POST", path, b" " * 1024 * 1024 + b'{"amountMinor": 1}')
    assert (large["status"], large["code"]) == (413, "TOO_LARGE")
    packed = await rest.here.http.post(
        rest.base + path, content=b"{}", headers={"Content-Encoding": "gzip", **rest.here.admin.headers}
    )
    assert (packed.status_code, packed.json()["code"]) == (415, "UNSUPPORTED_ENCODING")
    assert (await rest.ask("GET", f"{WALLET}/wallets?search=Mohan"))["wallets"][0]["balance"]["total"] == 4
