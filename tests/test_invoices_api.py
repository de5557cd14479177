"""Approving and voiding invoices by the API."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.teller import Teller, new_key, teller

INVOICE = """query ($id: ID!) { invoice(id: $id) {
  id number status totalMinor amountDueMinor locksAt paidAt voidedAt lines { amountMinor } } }"""
WINDOW = "query ($id: ID!) { invoice(id: $id) { finalizesAt } }"
MARCH = "2025-03-01T00:00:00Z"


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Teller]:
    async with teller(database_url) as opened:
        yield opened


async def decided(here: Teller, name: str, **asked: Any) -> tuple[Any, Any]:
    """The dry run, which writes nothing, and then the real one; the same but for what tells them apart."""
    asked = {"idempotencyKey": new_key()} | asked
    async with here.unchanged():
        dry = await here.ask(name, **asked, dryRun=True)
    done = await here.ask(name, **asked)
    told_apart = {"operationId": dry["operationId"], "dryRun": True, "wallet": dry["wallet"]}
    assert dry == done | told_apart
    assert dry["operationId"].startswith("dry_opr_")
    async with here.unchanged():
        again = await here.ask(name, **asked)
        other = await here.ask(name, **asked | {"reason": "another"})
    assert again == done | {"replayed": True}
    assert other == {"__typename": "IdempotencyConflict", "operationId": done["operationId"]}
    return dry, done


async def test_a_pending_invoice_is_approved_then_voided_and_each_answer_stays_what_it_was(here: Teller) -> None:
    wallet_id = await here.using("Asha", 150, finalizationDays=5)
    (invoice_id,) = await here.bill(wallet_id)
    assert await here.here.admin.get(WINDOW, id=invoice_id) == {"finalizesAt": "2025-03-06T00:00:00Z"}
    asked: dict[str, Any] = {"invoiceId": invoice_id, "reason": "checked", "idempotencyKey": "approved"}
    _, approved = await decided(here, "approveInvoice", **asked)
    assert approved["invoice"] == await here.here.admin.get(INVOICE, id=invoice_id)
    assert approved["invoice"] | {"lines": None} == {
        "id": invoice_id, "number": "ASH-0001", "status": "PAID", "totalMinor": 100, "amountDueMinor": 0,
        "locksAt": None, "paidAt": MARCH, "voidedAt": None, "lines": None,
    }  # fmt: skip
    assert await here.here.admin.get(WINDOW, id=invoice_id) == {"finalizesAt": None}
    assert approved["after"]["balance"] == {"total": 50, "locked": 0, "available": 50}
    _, void = await decided(here, "voidInvoice", invoiceId=invoice_id)
    assert void["invoice"] == await here.here.admin.get(INVOICE, id=invoice_id)
    assert (void["invoice"]["status"], void["invoice"]["voidedAt"]) == ("VOID", MARCH)
    assert void["after"]["balance"] == {"total": 150, "locked": 0, "available": 150}
    again = await here.ask("approveInvoice", **asked)
    assert again == approved | {"replayed": True, "wallet": void["wallet"]}


async def test_a_void_due_invoice_is_due_no_more_and_unlocks(here: Teller) -> None:
    wallet_id = await here.using("Asha")
    (invoice_id,) = await here.bill(wallet_id)
    assert (await here.state(wallet_id))["lock"] == {"locked": True, "amountDue": 100}
    _, void = await decided(here, "voidInvoice", invoiceId=invoice_id)
    assert (void["invoice"]["status"], void["invoice"]["amountDueMinor"]) == ("VOID", 0)
    assert void["after"]["lock"] == {"locked": False, "amountDue": 0}
