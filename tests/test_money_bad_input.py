"""Whatever is sent to move money, the answer is typed, nothing is written, and the server never fails."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from server.embedded import Server
from tests import database
from tests.teller import DOCUMENTS, LOCK, UNLOCK, Teller, teller

NOTHING = UUID(int=0).hex
OPERATIONS = [
    "transfer", "reverseTransaction", "placeHold", "captureHold", "releaseHold", "approveInvoice", "voidInvoice",
]  # fmt: skip
WITH_AMOUNT = OPERATIONS[:4]


@dataclass
class Place:
    """Wallets with something of every kind in them; what stands must still stand afterwards."""

    teller: Teller
    names: dict[str, str]

    def good(self, name: str) -> dict[str, Any]:
        """An input that would be done."""
        of = self.names
        inputs: dict[str, dict[str, Any]] = {
            "transfer": {"fromWalletId": of["asha"], "toWalletId": of["bina"], "amountMinor": 5},
            "reverseTransaction": {"transactionId": of["top-up"], "amountMinor": 5, "description": "a mistake"},
            "placeHold": {"walletId": of["asha"], "amountMinor": 5},
            "captureHold": {"holdId": of["hold"], "amountMinor": 5},
            "releaseHold": {"holdId": of["hold"]},
            "approveInvoice": {"invoiceId": of["pending"]},
            "voidInvoice": {"invoiceId": of["pending"]},
        }
        return inputs[name]

    async def code(self, name: str, **changed: Any) -> str:
        return await self.teller.code(name, **self.good(name) | changed)

    async def kind(self, name: str, **changed: Any) -> str:
        named = {field: self.names.get(value, value) for field, value in changed.items() if isinstance(value, str)}
        answer: str = (await self.teller.ask(name, **self.good(name) | changed | named))["__typename"]
        return answer


@pytest_asyncio.fixture(scope="module")
async def shared_place(
    database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]"
) -> AsyncIterator[Place]:
    async with database.copy(database_server, administrator) as url, teller(url) as here:
        yield Place(here, await _names(here))


async def _names(here: Teller) -> dict[str, str]:
    wallets = [await here.using("Pending", 1_000, finalizationDays=3), await here.using("Due")]
    wallets += [await here.using("Paid", 1_000), await here.using("Void", 1_000)]
    pending, due, paid, void = await here.bill(*wallets)
    await here.ask("voidInvoice", invoiceId=void)
    asha, bina = await here.tenant("Asha Press", 10_000), await here.tenant("Bina")
    names = {
        "pending": pending, "paid": paid, "void": void, "due": due, "locked": wallets[1],
        "of the invoice": wallets[0].replace("wal", "hld") + "_2",
        "collected": wallets[2].replace("wal", "txn") + "_2",
        "asha": asha, "bina": bina, "yen": await here.tenant("Yuki", currency="JPY"),
    }  # fmt: skip
    log = asha.replace("wal_", "txn_")
    names["hold"] = await here.hold(asha, 1_000)
    await here.here.admin.get(LOCK, id=asha)
    await here.here.admin.get(UNLOCK, id=asha)
    await here.ask("reverseTransaction", transactionId=f"{log}_1", amountMinor=500, description="part")
    names["captured"] = await here.hold(asha, 300)
    await here.ask("captureHold", holdId=names["captured"])
    names["released"] = await here.hold(asha, 200)
    await here.ask("releaseHold", holdId=names["released"])
    topped_up = await here.ask("topUp", walletId=asha, amountMinor=700, idempotencyKey="known")
    await here.ask("topUp", walletId=wallets[0], amountMinor=700, idempotencyKey="known")
    names["gone"] = topped_up["transactions"][0]["id"]
    await here.ask("reverseTransaction", transactionId=names["gone"], description="all")
    kinds = {1: "top-up", 2: "a HOLD", 3: "a LOCK", 4: "an UNLOCK", 5: "a REVERSAL", 9: "a RELEASE"}
    return names | {name: f"{log}_{version}" for version, name in kinds.items()}


@pytest_asyncio.fixture
async def place(shared_place: Place) -> AsyncIterator[Place]:
    """One for all these tests, since none of them may change it."""
    async with shared_place.teller.unchanged():
        yield shared_place


async def test_each_would_be_done_but_for_what_follows(place: Place) -> None:
    for name in OPERATIONS:
        assert (await place.kind(name, dryRun=True)).endswith("Payload")


@pytest.mark.parametrize("amount", [0, -1, 1.5, 1e3, True, "100", 2**53, -(2**53), 10**18, [1], {"a": 1}])
async def test_an_amount_is_a_positive_json_integer_within_2_53(place: Place, amount: Any) -> None:
    for name in WITH_AMOUNT:
        assert (name, await place.code(name, amountMinor=amount)) == (name, "BAD_USER_INPUT")


@pytest.mark.parametrize("key", ["", "k" * 256, "a\0b", "\ud800", None, 5])
async def test_a_key_has_1_to_255_characters_of_text(place: Place, key: Any) -> None:
    for name in OPERATIONS:
        assert (name, await place.code(name, idempotencyKey=key)) == (name, "BAD_USER_INPUT")


async def test_a_request_without_a_key_is_refused(place: Place) -> None:
    for name in OPERATIONS:
        answer = await place.teller.here.admin.code(DOCUMENTS[name], input=place.good(name))
        assert (name, answer) == (name, "BAD_USER_INPUT")


@pytest.mark.parametrize("text", ["x" * 1_001, "a\0b", "\udfff", None])
async def test_what_it_is_for_is_text_of_up_to_a_thousand_characters(place: Place, text: Any) -> None:
    for name in [*WITH_AMOUNT, "approveInvoice", "voidInvoice"]:
        field = "reason" if name.endswith("Invoice") else "description"
        assert (name, await place.code(name, **{field: text})) == (name, "BAD_USER_INPUT")


@pytest.mark.parametrize("seconds", [59, 0, -1, 2_592_001, 2**31, 60.5, "60", True, None])
async def test_a_hold_lasts_from_a_minute_to_30_days(place: Place, seconds: Any) -> None:
    assert await place.code("placeHold", expiresInSeconds=seconds) == "BAD_USER_INPUT"


async def test_a_wallet_transfers_nothing_to_itself(place: Place) -> None:
    assert await place.code("transfer", toWalletId=place.names["asha"]) == "BAD_USER_INPUT"


def ids_in(asked: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Each id's field, its kind, and the wallet it is of."""
    return [(field, *good.split("_")[:2]) for field, good in asked.items() if field.endswith("Id")]


@pytest.mark.parametrize(
    "unknown",
    ["", "x", "💥", "{k}_", "{k}_{n}", "{k}_{n}_1", "{k}_{w}_999", "{k}_{w}_0", "{k}_{w}_01", "dry_{k}_{w}_1"],
)
async def test_an_id_that_names_nothing_is_not_found(place: Place, unknown: str) -> None:
    for name in OPERATIONS:
        for field, kind, wallet in ids_in(place.good(name)):
            text = unknown.format(k=kind, w=wallet, n=NOTHING)
            assert (name, await place.code(name, **{field: text})) == (name, "NOT_FOUND")


@pytest.mark.parametrize("other", ["wal_{w}", "ten_{w}", "txn_{w}_1", "hld_{w}_2", "inv_{w}_1", "opr_{w}_{w}"])
async def test_an_id_of_another_kind_is_not_found(place: Place, other: str) -> None:
    for name in OPERATIONS:
        for field, kind, wallet in ids_in(place.good(name)):
            if not other.startswith(kind):
                assert (name, await place.code(name, **{field: other.format(w=wallet)})) == (name, "NOT_FOUND")


@pytest.mark.parametrize("name", OPERATIONS)
async def test_a_reused_key_is_a_conflict_that_names_its_operation(place: Place, name: str) -> None:
    wallet_id = f"wal_{ids_in(place.good(name))[0][2]}"
    first = await place.teller.ask("topUp", walletId=wallet_id, amountMinor=700, idempotencyKey="known")
    assert first["replayed"]
    for dry_run in (False, True):
        answer = await place.teller.ask(name, **place.good(name), idempotencyKey="known", dryRun=dry_run)
        assert answer == {"__typename": "IdempotencyConflict", "operationId": first["operationId"]}


@pytest.mark.parametrize(
    ("name", "changed", "kind"),
    [
        ("transfer", {"amountMinor": 2**53 - 1}, "InsufficientFunds"),
        ("transfer", {"amountMinor": 8_201}, "InsufficientFunds"),
        ("transfer", {"toWalletId": "yen"}, "NotPossible"),
        ("transfer", {"fromWalletId": "locked"}, "WalletLocked"),
        ("placeHold", {"amountMinor": 8_201}, "InsufficientFunds"),
        ("placeHold", {"walletId": "locked"}, "WalletLocked"),
        ("captureHold", {"amountMinor": 1_001}, "NotPossible"),
        ("captureHold", {"amountMinor": 2**53 - 1}, "NotPossible"),
        ("captureHold", {"holdId": "captured"}, "NotPossible"),
        ("captureHold", {"holdId": "released"}, "NotPossible"),
        ("captureHold", {"holdId": "of the invoice"}, "NotPossible"),
        ("releaseHold", {"holdId": "captured"}, "NotPossible"),
        ("releaseHold", {"holdId": "released"}, "NotPossible"),
        ("releaseHold", {"holdId": "of the invoice"}, "NotPossible"),
        ("reverseTransaction", {"amountMinor": 9_501}, "NotPossible"),
        ("reverseTransaction", {"amountMinor": None}, "InsufficientFunds"),
        ("reverseTransaction", {"transactionId": "gone"}, "NotPossible"),
        ("reverseTransaction", {"transactionId": "gone", "amountMinor": None}, "NotPossible"),
        ("reverseTransaction", {"transactionId": "a REVERSAL"}, "NotPossible"),
        ("reverseTransaction", {"transactionId": "a LOCK"}, "NotPossible"),
        ("reverseTransaction", {"transactionId": "an UNLOCK"}, "NotPossible"),
        ("reverseTransaction", {"transactionId": "a HOLD"}, "NotPossible"),
        ("reverseTransaction", {"transactionId": "a RELEASE"}, "NotPossible"),
        ("reverseTransaction", {"transactionId": "collected"}, "NotPossible"),
        ("reverseTransaction", {"transactionId": "a LOCK", "reopenInvoices": True}, "NotPossible"),
        ("approveInvoice", {"invoiceId": "due"}, "NotPossible"),
        ("approveInvoice", {"invoiceId": "paid"}, "NotPossible"),
        ("approveInvoice", {"invoiceId": "void"}, "NotPossible"),
        ("voidInvoice", {"invoiceId": "void"}, "NotPossible"),
    ],
)
async def test_what_cannot_be_done_is_refused_by_its_type_dry_or_not(
    place: Place, name: str, changed: dict[str, Any], kind: str
) -> None:
    assert await place.kind(name, **changed) == kind
    assert await place.kind(name, **changed, dryRun=True) == kind
