"""The transactions of one operation on one wallet, drawn up one after the other on a copy of its account."""

from bisect import bisect
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from domain.billing import MonthBill
from domain.ledger import (
    Account,
    EndedHold,
    HoldStatus,
    InvoiceStatus,
    OpenHold,
    OpenInvoice,
    Operation,
    Transaction,
    TransactionReason,
    TransactionType,
)
from domain.refusals import NotPossible
from domain.wallets import LockReason, WalletState, within_limits


@dataclass(frozen=True, slots=True)
class Issued:
    """An invoice as issued, with the bill it came from."""

    invoice: OpenInvoice
    bill: MonthBill


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command writes."""

    account: Account
    transactions: tuple[Transaction, ...]
    issued: tuple[Issued, ...] = ()
    changed: tuple[OpenInvoice, ...] = ()
    """Invoices that left the queue or came back into it."""
    ended: tuple[EndedHold, ...] = ()
    other: "Decision | None" = None
    """Of a transfer's other side."""


class Locks(NamedTuple):
    """Since when each of the two is on."""

    funds: datetime | None
    manual: datetime | None


class Draft:
    """The transactions of one operation on one wallet, in the making."""

    def __init__(self, account: Account, operation: Operation, now: datetime, home: UUID | None = None) -> None:
        self.operation = operation
        self.home = home
        self.before = account
        self.state = account.state
        self.invoices = account.invoices
        self.holds = account.holds
        self.now = max(now, account.state.time)
        self.transactions: list[Transaction] = []
        self.changed: list[OpenInvoice] = []
        self.ended: list[EndedHold] = []
        self.past = account.past

    def write(
        self,
        kind: TransactionType,
        reason: TransactionReason,
        *,
        amount: int = 0,
        locked: int = 0,
        due: int = 0,
        description: str = "",
        invoice: int | None = None,
        hold: int | None = None,
        reverses: int | None = None,
        counterparty: UUID | None = None,
        locks: Locks | None = None,
    ) -> None:
        """One more transaction. Both locks stay as they are, unless given."""
        was = self.state
        funds_locked_at, manual_locked_at = locks or Locks(was.funds_locked_at, was.manual_locked_at)
        total = was.total + amount
        if not within_limits(total) or not within_limits(was.due + due):
            raise NotPossible("A balance beyond ±9,007,199,254,740,991 minor units cannot be kept exactly.")
        self.state = after = WalletState(
            was.version + 1,
            self.now,
            total,
            was.locked + locked,
            was.due + due,
            funds_locked_at,
            manual_locked_at,
            self._locks_at(funds_locked_at),
        )
        assert after.total >= after.locked >= 0, "the database refuses it too"
        assert after.due >= 0, "the database refuses it too"
        self.transactions.append(
            Transaction(
                self.before.id,
                self.operation.id,
                self.operation.actor,
                kind,
                reason,
                amount,
                locked,
                due,
                after,
                description,
                invoice,
                hold,
                reverses,
                counterparty,
                self.home,
            )
        )

    def collect(self) -> None:
        """Collect DUE invoices, oldest first, each whole, stopping at the first that does not fit."""
        for invoice in self.invoices:
            if invoice.status is not InvoiceStatus.DUE:
                continue
            if invoice.total > self.state.available:
                break
            self.settle(invoice)

    def settle(self, invoice: OpenInvoice, hold: int | None = None) -> None:
        """Pay an invoice whole, out of its hold where it has one; then it is due no more."""
        self.write(
            TransactionType.DEBIT,
            TransactionReason.INVOICE,
            amount=-invoice.total,
            locked=-invoice.total if hold else 0,
            description=invoice.title,
            invoice=invoice.count,
            hold=hold,
        )
        self.close(invoice, InvoiceStatus.PAID)
        if invoice.status is InvoiceStatus.DUE:
            self.write(
                TransactionType.DUE,
                TransactionReason.SETTLED,
                due=-invoice.total,
                description=invoice.title,
                invoice=invoice.count,
            )

    def finalize(self, invoice: OpenInvoice) -> None:
        """Collect a PENDING invoice from what is held for it."""
        self.end_hold(invoice.hold, HoldStatus.CAPTURED, invoice.total)
        self.settle(invoice, invoice.hold)

    def close(self, invoice: OpenInvoice, status: InvoiceStatus) -> None:
        """Take an invoice out of the queue."""
        closed = replace(invoice, status=status, closed_at=self.now)
        self.changed.append(closed)
        self.invoices = _without(self.invoices, invoice)
        self.past = replace(self.past, invoices=(*_without(self.past.invoices, invoice), closed))

    def reopen(self, invoice: OpenInvoice) -> None:
        """Put an invoice that was collected back into its place in the queue, its grace over."""
        due = replace(invoice, status=InvoiceStatus.DUE, locks_at=self.now, closed_at=None)
        self.changed.append(due)
        self.invoices = tuple(sorted((*self.invoices, due), key=lambda other: other.count))
        self.past = replace(self.past, invoices=_without(self.past.invoices, invoice))

    def open_hold(self, hold: OpenHold) -> None:
        """Put a new hold among the open ones, in its turn."""
        place = bisect(self.holds, hold.turn, key=lambda other: other.turn)
        self.holds = (*self.holds[:place], hold, *self.holds[place:])

    def end_hold(self, number: int | None, status: HoldStatus, captured: int = 0) -> None:
        """Take a hold out of the open ones."""
        assert number is not None
        self.ended.append(ended := EndedHold(number, status, captured))
        place = next(place for place, other in enumerate(self.holds) if other.number == number)
        self.holds = self.holds[:place] + self.holds[place + 1 :]
        self.past = replace(self.past, holds=(*self.past.holds, ended))

    def relock(self) -> None:
        """Re-evaluate the lock for money: on from the first end of a grace until nothing is due."""
        was = self.state
        self.unlock()
        if not was.funds_locked_at and (first := self._first_grace_end()) and first <= self.now:
            locks = Locks(self.now, was.manual_locked_at)
            self.write(TransactionType.LOCK, TransactionReason.INSUFFICIENT_FUNDS, locks=locks)

    def unlock(self) -> None:
        """The lock for money goes off as soon as nothing is due."""
        was = self.state
        if was.funds_locked_at and was.due == 0:
            locks = Locks(None, was.manual_locked_at)
            self.write(TransactionType.UNLOCK, TransactionReason.INSUFFICIENT_FUNDS, locks=locks)

    def set_manual_lock(self, on: bool, description: str) -> None:
        """Turn the lock by hand on or off."""
        self.write(
            TransactionType.LOCK if on else TransactionType.UNLOCK,
            TransactionReason(LockReason.MANUAL),
            description=description,
            locks=Locks(self.state.funds_locked_at, self.now if on else None),
        )

    def settled(self) -> Decision:
        """Only after what raised what is available, or lowered what is due: that collects, and the lock follows."""
        if self.invoices:
            self.collect()
        return self.relocked()

    def relocked(self) -> Decision:
        """The lock for money follows what is due; nothing is collected."""
        if self.invoices or self.state.funds_locked_at:
            self.relock()
        return self.decided()

    def decided(self) -> Decision:
        """What has been drawn up."""
        return Decision(self.account(), tuple(self.transactions), (), tuple(self.changed), tuple(self.ended))

    def account(self) -> Account:
        """The wallet after the draft. Callers have seen its last version once it is written."""
        before, state = self.before, self.state
        return Account(before.id, before.currency, state, self.invoices, self.holds, state.version, self.past)

    def _first_grace_end(self) -> datetime | None:
        ends = (i.locks_at for i in self.invoices if i.status is InvoiceStatus.DUE and i.locks_at)
        return min(ends, default=None) if self.invoices else None

    def _locks_at(self, funds_locked_at: datetime | None) -> datetime | None:
        if not self.invoices or funds_locked_at is not None:
            return None
        return self._first_grace_end()


def _without(invoices: tuple[OpenInvoice, ...], invoice: OpenInvoice) -> tuple[OpenInvoice, ...]:
    return tuple(other for other in invoices if other.count != invoice.count)
