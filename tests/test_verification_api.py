"""Auditors prove wallets and keep signed heads over GraphQL; nobody else learns that there is anything."""

from collections.abc import AsyncIterator

import orjson
import pytest
import pytest_asyncio

from domain.checkpoints import Key, read
from services import verification
from tests.api import SECRET
from tests.teller import Teller, teller

PROVE = "query ($id: ID!) { verification(walletId: $id) { ok transactions firstBroken { id law message } } }"
HEADS = """query ($first: Int, $after: String) { checkpoints(first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { walletId version hash time signature } } } }"""
FORGE = "ALTER TABLE wallet_transactions DISABLE TRIGGER wallet_transactions_append_only"


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Teller]:
    async with teller(database_url) as opened:
        yield opened


async def test_a_wallet_is_proved_and_its_first_broken_row_named(here: Teller) -> None:
    wallet, other = await here.tenant("Press", 500), await here.tenant("Mill", 70)
    await here.ask("transfer", fromWalletId=wallet, toWalletId=other, amountMinor=200)
    whole = {"ok": True, "transactions": 2, "firstBroken": None}
    auditor = await here.token("audit:read")
    assert await auditor.get(PROVE, id=wallet) == await here.here.admin.get(PROVE, id=other) == whole
    await here.database.execute(FORGE)
    await here.database.execute("UPDATE wallet_transactions SET actor = 'usr_1' WHERE version = 2")
    found = await auditor.get(PROVE, id=wallet)
    message = found["firstBroken"].pop("message")
    assert found == {
        "ok": False,
        "transactions": 1,
        "firstBroken": {"id": f"{wallet.replace('wal', 'txn')}_2", "law": 6},
    }
    assert message.startswith("its hash is ")


async def test_a_wallet_too_long_to_wait_for_is_refused_with_what_to_do(
    here: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    wallet = await here.tenant("Press", 500)
    monkeypatch.setattr(verification, "MOST_ROWS", 0)
    answer = await here.here.admin.ask(PROVE, id=wallet)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "tijori verify" in answer["errors"][0]["message"]


async def test_only_auditors_prove_and_what_one_does_not_see_is_missing(here: Teller) -> None:
    wallet, other = await here.tenant("Press", 500), await here.tenant("Mill", 70)
    bound = await here.token("audit:read", of=wallet)
    reader = await here.token("wallet:read", of=wallet)
    assert (await bound.get(PROVE, id=wallet))["ok"] is True
    for client, id_ in ((bound, other), (reader, other), (bound, "wal_0"), (bound, wallet.replace("wal", "ten"))):
        assert await client.get(PROVE, id=id_) is None
    assert await here.here.admin.get(PROVE, id=f"wal_{'0' * 32}") is None
    assert await reader.code(PROVE, id=wallet) == "FORBIDDEN"
    assert await here.here.nobody.code(PROVE, id=wallet) == "UNAUTHENTICATED"
    for client in (bound, reader, await here.token("wallet:read")):
        heads = await client.get(HEADS)
        assert (heads["edges"], heads["totalCount"]) == ([], 0)


async def test_heads_come_in_pages_each_signed_by_itself(here: Teller) -> None:
    wallets = [await here.tenant("Press", 500), await here.tenant("Mill")]
    auditor = await here.token("audit:read")
    first = await auditor.get(HEADS, first=2)
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    rest = await auditor.get(HEADS, first=2, after=first["pageInfo"]["endCursor"])
    assert rest["pageInfo"]["hasNextPage"] is False
    nodes = [edge["node"] for page in (first, rest) for edge in page["edges"]]
    assert [(node["walletId"], node["version"]) for node in nodes[1:]] == [(wallets[0], 1), (wallets[1], 0)]
    kept = list(read([orjson.dumps(node) for node in nodes], Key(SECRET.encode())))
    assert [head.hash.hex() for head in kept] == [node["hash"] for node in nodes]
