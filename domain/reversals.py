"""A mistake is mended by a REVERSAL that names what it takes back; a charge-back makes invoices due again with it."""

from dataclasses import replace

from domain.commands import ReverseTransaction
from domain.draft import Decision, Draft
from domain.ledger import InvoiceStatus, OpenInvoice, PastTransaction, TransactionReason, TransactionType
from domain.refusals import NotFound, NotPossible
from domain.spending import check_available

_REVERSIBLE = {
    (TransactionType.CREDIT, TransactionReason.TOP_UP),
    (TransactionType.CREDIT, TransactionReason.ADJUSTMENT),
    (TransactionType.DEBIT, TransactionReason.ADJUSTMENT),
    (TransactionType.CREDIT, TransactionReason.TRANSFER),
    (TransactionType.DEBIT, TransactionReason.TRANSFER),
    (TransactionType.DEBIT, TransactionReason.HOLD),
}
_INSTEAD = {
    TransactionReason.REVERSAL: "A reversal is not reversed: do again what it took back.",
    TransactionReason.INVOICE: "An invoice is taken back whole: void the invoice.",
}
_HOLD = "A hold is not reversed: release it while it is open."
_OTHERWISE = "Only credits and debits made by hand, and captures, are reversed."


def is_reversible(kind: TransactionType, reason: TransactionReason) -> bool:
    """Whether such a transaction is mended by a reversal, as long as something of it is left."""
    return (kind, reason) in _REVERSIBLE


def reverse(draft: Draft, command: ReverseTransaction, other: Draft | None) -> Decision:
    """A credit is taken back, which needs it to be available still; a debit is given back, and settles what is due."""
    past = _named(draft, command.version)
    amount = _amount(draft, past, command.amount)
    if command.reopen_invoices:
        if past.reason is not TransactionReason.TOP_UP:
            raise NotPossible("Only a top-up can be charged back: reverse this without reopening invoices.")
        past = _reopen(draft, past, amount)
    decision = _write(draft, past, amount, command.description)
    if other is None or command.other_side is None:
        return decision
    return replace(
        decision, other=_write(other, _named(other, command.other_side.version), amount, command.description)
    )


def _named(draft: Draft, version: int) -> PastTransaction:
    past = next((past for past in draft.past.transactions if past.version == version), None)
    if past is None:
        raise NotFound("There is no such transaction.")
    return past


def _amount(draft: Draft, past: PastTransaction, asked: int | None) -> int:
    if not is_reversible(past.type, past.reason):
        is_hold = past.type is TransactionType.HOLD
        raise NotPossible(_INSTEAD.get(past.reason, _HOLD if is_hold else _OTHERWISE))
    if past.left == 0:
        raise NotPossible("All of it was taken back already.")
    if asked is not None and asked > past.left:
        raise NotPossible(f"Only {draft.before.currency.format(past.left)} of it is left to take back.")
    return past.left if asked is None else asked


def _reopen(draft: Draft, past: PastTransaction, amount: int) -> PastTransaction:
    """What the top-up collected falls due again, newest first, until it gives back what is taken."""
    given_back, kept = 0, list(past.collected)
    while kept and given_back < amount:
        collected = kept.pop()
        invoice = _paid(draft, collected.invoice)
        if invoice is None:
            continue
        title, count = invoice.title, invoice.count
        draft.write(
            TransactionType.CREDIT,
            TransactionReason.REVERSAL,
            amount=invoice.total,
            description=title,
            invoice=count,
            reverses=collected.version,
        )
        draft.reopen(invoice)
        draft.write(TransactionType.DUE, TransactionReason.INVOICE, due=invoice.total, description=title, invoice=count)
        given_back += invoice.total
    return replace(past, collected=tuple(kept))


def _paid(draft: Draft, count: int) -> OpenInvoice | None:
    return next((i for i in draft.past.invoices if i.count == count and i.status is InvoiceStatus.PAID), None)


def _write(draft: Draft, past: PastTransaction, amount: int, description: str) -> Decision:
    is_credit = past.type is TransactionType.CREDIT
    if is_credit:
        check_available(draft, amount)
    draft.write(
        TransactionType.DEBIT if is_credit else TransactionType.CREDIT,
        TransactionReason.REVERSAL,
        amount=-amount if is_credit else amount,
        description=description,
        reverses=past.version,
        counterparty=past.counterparty,
    )
    others = tuple(one for one in draft.past.transactions if one.version != past.version)
    draft.past = replace(draft.past, transactions=(*others, replace(past, left=past.left - amount)))
    return draft.relocked() if is_credit else draft.settled()
