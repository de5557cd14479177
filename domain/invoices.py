"""Invoices: how a closed month's bill joins the queue, and how one is approved or voided by hand."""

from dataclasses import replace
from datetime import timedelta

from domain.commands import ApproveInvoice, Issue, VoidInvoice
from domain.draft import Decision, Draft, Issued
from domain.ledger import HoldStatus, InvoiceStatus, OpenHold, OpenInvoice, TransactionReason, TransactionType
from domain.refusals import NotFound, NotPossible
from domain.spending import check_available


def issue(draft: Draft, command: Issue) -> Decision:
    """Each bill in its order: collected when all older ones are and it is covered whole, else DUE."""
    issued = []
    for count, bill in enumerate((b for b in command.bills if b.is_charged), command.next_count):
        invoice = OpenInvoice(count, bill.month, bill.total, InvoiceStatus.PENDING, draft.now)
        blocked = any(other.status is InvoiceStatus.DUE for other in draft.invoices)
        if bill.total <= 0:
            invoice = _credit(draft, invoice)
        elif blocked or bill.total > draft.state.available:
            invoice = _fall_due(draft, invoice, command.grace_days)
        elif command.finalization_days:
            invoice = _hold(draft, invoice, command.finalization_days)
        else:
            draft.settle(invoice)
            invoice = draft.changed.pop()
        issued.append(Issued(invoice, bill))
    return replace(draft.decided(), issued=tuple(issued))


def _credit(draft: Draft, invoice: OpenInvoice) -> OpenInvoice:
    """A total below zero (corrections) comes back as money, which collects what is due; zero only closes."""
    if invoice.total < 0:
        draft.write(
            TransactionType.CREDIT,
            TransactionReason.INVOICE,
            amount=-invoice.total,
            description=invoice.title,
            invoice=invoice.count,
        )
        draft.collect()
        draft.relock()
    return replace(invoice, status=InvoiceStatus.PAID, closed_at=draft.now)


def _fall_due(draft: Draft, invoice: OpenInvoice, grace_days: int) -> OpenInvoice:
    invoice = replace(invoice, status=InvoiceStatus.DUE, locks_at=draft.now + timedelta(days=grace_days))
    draft.invoices = (*draft.invoices, invoice)
    draft.write(
        TransactionType.DUE,
        TransactionReason.INVOICE,
        due=invoice.total,
        description=invoice.title,
        invoice=invoice.count,
    )
    draft.relock()
    return invoice


def _hold(draft: Draft, invoice: OpenInvoice, finalization_days: int) -> OpenInvoice:
    """PENDING: the amount is held until the window ends."""
    number = draft.state.version + 1
    invoice = replace(invoice, finalizes_at=draft.now + timedelta(days=finalization_days), hold=number)
    draft.write(
        TransactionType.HOLD,
        TransactionReason.INVOICE,
        locked=invoice.total,
        description=invoice.title,
        invoice=invoice.count,
        hold=number,
    )
    draft.invoices = (*draft.invoices, invoice)
    draft.open_hold(OpenHold(number, invoice.total, None, invoice.count))
    return invoice


def approve(draft: Draft, command: ApproveInvoice) -> Decision:
    """Only a PENDING one: it is collected from what is held for it."""
    invoice, currency = _named(draft, command.count), draft.before.currency
    if invoice.status is InvoiceStatus.DUE:
        needed = currency.format(draft.state.unlock_amount)
        raise NotPossible(f"The invoice is due, not pending: a top-up of {needed} pays all that is due.")
    if invoice.status is not InvoiceStatus.PENDING:
        raise NotPossible(f"The invoice is {invoice.status} already.")
    draft.finalize(invoice)
    return draft.decided()


def void(draft: Draft, command: VoidInvoice) -> Decision:
    """PENDING: its hold is released. DUE: due no more. PAID: the money returns, or what it gave back is taken."""
    invoice = _named(draft, command.count)
    if invoice.status is InvoiceStatus.VOID:
        raise NotPossible("The invoice is void already.")
    if invoice.total == 0:
        raise NotPossible("The invoice moved no money: there is nothing to take back.")
    check_available(draft, -invoice.total)
    text = f"{invoice.title}: {command.reason}" if command.reason else invoice.title
    gives = invoice.total > 0
    draft.close(invoice, InvoiceStatus.VOID)
    if invoice.status is InvoiceStatus.PENDING:
        draft.end_hold(invoice.hold, HoldStatus.RELEASED)
        _undo(draft, invoice, text, TransactionType.RELEASE, locked=-invoice.total)
    elif invoice.status is InvoiceStatus.DUE:
        _undo(draft, invoice, text, TransactionType.DUE, due=-invoice.total)
    else:
        _undo(draft, invoice, text, TransactionType.CREDIT if gives else TransactionType.DEBIT, amount=invoice.total)
    return draft.settled() if gives else draft.decided()


def _undo(
    draft: Draft,
    invoice: OpenInvoice,
    text: str,
    kind: TransactionType,
    *,
    amount: int = 0,
    locked: int = 0,
    due: int = 0,
) -> None:
    held = invoice.hold if kind is TransactionType.RELEASE else None
    draft.write(
        kind,
        TransactionReason.VOID,
        amount=amount,
        locked=locked,
        due=due,
        description=text,
        invoice=invoice.count,
        hold=held,
    )


def _named(draft: Draft, count: int) -> OpenInvoice:
    found = next((i for i in (*draft.invoices, *draft.past.invoices) if i.count == count), None)
    if found is None:
        raise NotFound("There is no such invoice.")
    return found
