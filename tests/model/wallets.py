"""One wallet: its log, its holds, its queue of invoices, its two locks, and what the clock decides in it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

from tests.model.answers import MOST, Answer, Refused, Row, not_possible


@dataclass
class Hold:
    """Law 11. Its number is the version of its HOLD; an invoice's never expires."""

    number: int
    amount: int
    expires: datetime | None
    invoice: int | None
    status: str = "ACTIVE"
    captured: int = 0


@dataclass(frozen=True)
class Line:
    """A line of an invoice. `price` names the price's beginning: unique in its service."""

    kind: str
    service: str
    month: str
    quantity: Fraction
    start: datetime
    end: datetime
    amount: int
    price: datetime

    def __deepcopy__(self, memo: object) -> "Line":
        """A line never changes."""
        return self


@dataclass
class Invoice:
    """Law 19."""

    count: int
    month: str
    total: int
    lines: tuple[Line, ...]
    issued: datetime
    status: str = ""
    grace_ends: datetime | None = None
    window_ends: datetime | None = None
    hold: int | None = None
    paid_by: int | None = None
    """The version of the DEBIT that collected it."""


@dataclass
class Wallet:
    """Versions have no gap, and a balance is never negative."""

    name: str
    currency: str = "INR"
    total: int = 0
    locked: int = 0
    due: int = 0
    funds_lock: datetime | None = None
    hand_lock: datetime | None = None
    log: list[Row] = field(default_factory=list)
    holds: dict[int, Hold] = field(default_factory=dict)
    invoices: dict[int, Invoice] = field(default_factory=dict)
    keys: dict[str, tuple[tuple[object, ...], Answer]] = field(default_factory=dict)

    def __deepcopy__(self, memo: object) -> "Wallet":
        """Rows and answers never change."""
        holds = {number: replace(hold) for number, hold in self.holds.items()}
        invoices = {count: replace(invoice) for count, invoice in self.invoices.items()}
        return replace(self, log=list(self.log), holds=holds, invoices=invoices, keys=dict(self.keys))

    @property
    def version(self) -> int:
        """Law 5: 1, 2, 3 …"""
        return len(self.log)

    @property
    def available(self) -> int:
        """Law 3."""
        return self.total - self.locked

    @property
    def is_locked(self) -> bool:
        """Law 21: while either lock is on."""
        return self.funds_lock is not None or self.hand_lock is not None

    @property
    def due_invoices(self) -> list[Invoice]:
        """Oldest first."""
        return [invoice for _, invoice in sorted(self.invoices.items()) if invoice.status == "DUE"]

    @property
    def locks_at(self) -> datetime | None:
        """Law 21: the end of the oldest grace still running; none once the lock is on."""
        ends = [invoice.grace_ends for invoice in self.due_invoices if invoice.grace_ends]
        return min(ends, default=None) if self.funds_lock is None else None

    def locked_for(self, instant: datetime) -> bool:
        """Law 21: no usage that occurred after the lock; a lock is on from its instant."""
        return any(lock is not None and instant >= lock for lock in (self.funds_lock, self.hand_lock))

    def write(
        self,
        now: datetime,
        kind: str,
        reason: str,
        amount: int = 0,
        *,
        locked: int = 0,
        due: int = 0,
        invoice: int | None = None,
        hold: int | None = None,
        reverses: int | None = None,
        counterparty: str | None = None,
    ) -> Row:
        """Laws 1, 3 and 5: one more line; time never goes back."""
        self.total, self.locked, self.due = self.total + amount, self.locked + locked, self.due + due
        if max(abs(self.total), abs(self.due)) > MOST:
            raise not_possible()
        assert self.total >= self.locked >= 0
        assert self.due >= 0
        time = max(now, self.log[-1].time) if self.log else now
        row = Row(
            self.name, self.version + 1, time, kind, reason, amount, locked, due, self.total, self.locked, self.due,
            self.funds_lock, self.hand_lock, self.locks_at, invoice, hold, reverses, counterparty,
        )  # fmt: skip
        self.log.append(row)
        return row

    def require_free(self) -> None:
        """Law 21: a locked wallet gives nothing out by hand."""
        if self.is_locked:
            raise Refused("WalletLocked", self.due, max(0, self.due - self.available) if self.due else 0)

    def require(self, amount: int) -> None:
        """Law 3: only what is available is taken."""
        if amount > self.available:
            raise Refused("InsufficientFunds", self.available, amount)

    def collect(self, now: datetime) -> None:
        """Law 20: oldest first, each whole, stopping at the first that does not fit; and the lock follows."""
        for invoice in self.due_invoices:
            if invoice.total > self.available:
                break
            self.pay(now, invoice)
        self.unlock_if_paid(now)

    def pay(self, now: datetime, invoice: Invoice) -> None:
        """A DUE one is then due no more; a PENDING one is taken from its hold."""
        if invoice.status == "PENDING":
            self._end_hold(invoice.hold, "CAPTURED", invoice.total)
            row = self.write(
                now, "DEBIT", "INVOICE", -invoice.total, locked=-invoice.total, invoice=invoice.count, hold=invoice.hold
            )
        else:
            row = self.write(now, "DEBIT", "INVOICE", -invoice.total, invoice=invoice.count)
        was_due, invoice.status, invoice.paid_by = invoice.status == "DUE", "PAID", row.version
        if was_due:
            self.write(now, "DUE", "SETTLED", due=-invoice.total, invoice=invoice.count)

    def unlock_if_paid(self, now: datetime) -> None:
        """Law 21: the lock for money is on until nothing is due."""
        if self.funds_lock is not None and self.due == 0:
            self.funds_lock = None
            self.write(now, "UNLOCK", "INSUFFICIENT_FUNDS")

    def lock_if_unpaid(self, now: datetime) -> None:
        """Law 21: it is on from the first end of a grace."""
        if (instant := self.locks_at) is not None and instant <= now:
            self.funds_lock = now
            self.write(now, "LOCK", "INSUFFICIENT_FUNDS")

    def fall_due(self, now: datetime, invoice: Invoice, grace_ends: datetime) -> None:
        """Law 5: DUE, then LOCK where there is no grace."""
        invoice.status, invoice.grace_ends = "DUE", grace_ends
        self.write(now, "DUE", "INVOICE", due=invoice.total, invoice=invoice.count)
        self.lock_if_unpaid(now)

    def hold(self, now: datetime, amount: int, expires: datetime | None, invoice: int | None = None) -> Hold:
        """Law 11: from available to locked."""
        reason = "HOLD" if invoice is None else "INVOICE"
        hold = Hold(self.version + 1, amount, expires, invoice)
        self.holds[hold.number] = hold
        self.write(now, "HOLD", reason, locked=amount, invoice=invoice, hold=hold.number)
        return hold

    def release(self, now: datetime, hold: Hold, reason: str, status: str) -> None:
        """Back from locked to available, which collects what is due."""
        self._end_hold(hold.number, status, 0)
        self.write(now, "RELEASE", reason, locked=-hold.amount, invoice=hold.invoice, hold=hold.number)
        self.collect(now)

    def capture(self, now: datetime, hold: Hold, amount: int) -> None:
        """Law 5: DEBIT of total and locked, then RELEASE of the rest, which collects what is due."""
        self._end_hold(hold.number, "CAPTURED", amount)
        self.write(now, "DEBIT", "HOLD", -amount, locked=-amount, hold=hold.number)
        if rest := hold.amount - amount:
            self.write(now, "RELEASE", "HOLD", locked=-rest, hold=hold.number)
            self.collect(now)

    def catch_up(self, now: datetime) -> None:
        """Law 10: what the clock has decided by now, each dated at its instant, in order.

        At one instant holds expire first, then windows end, then graces: money that is freed may still pay.
        """
        while (instant := min(self.instants(), default=None)) is not None and instant <= now:
            expiring = [h for h in self.holds.values() if h.status == "ACTIVE" and h.expires == instant]
            for hold in sorted(expiring, key=lambda h: h.number):
                self.release(instant, hold, "HOLD_EXPIRED", "EXPIRED")
            for invoice in [i for i in self.invoices.values() if i.status == "PENDING" and i.window_ends == instant]:
                self.pay(instant, invoice)
            self.lock_if_unpaid(instant)

    def instants(self) -> list[datetime]:
        """At which the clock will decide something."""
        expiries = [hold.expires for hold in self.holds.values() if hold.status == "ACTIVE"]
        windows = [invoice.window_ends for invoice in self.invoices.values() if invoice.status == "PENDING"]
        return [instant for instant in (*expiries, *windows, self.locks_at) if instant is not None]

    def _end_hold(self, number: int | None, status: str, captured: int) -> None:
        assert number is not None
        self.holds[number].status, self.holds[number].captured = status, captured

    def at(self, instant: datetime) -> Row | None:
        """Law 10: the state at a past moment is that of the last row by then."""
        return next((row for row in reversed(self.log) if row.time <= instant), None)
