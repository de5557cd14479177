"""What one database transaction of the posting task decides: pure functions of the domain on a running state."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from domain.commands import Command, Issue, Tick
from domain.decisions import decide
from domain.draft import Decision, Issued
from domain.instants import catch_up, next_instant
from domain.ledger import ERASED, Account, OpenInvoice, Operation, Transaction
from domain.refusals import Fault, IdempotencyConflict, NotFound, Refusal
from domain.wallets import WalletState
from services.identity import new_uuid

MOST_CAUGHT_UP = 1_000
"""After a long silence the clock may have decided ever so much; no transaction lasts until the database cuts it off."""


@dataclass(frozen=True, slots=True)
class KnownOperation:
    """An operation found by its key, or by its id after a lost connection."""

    wallet_id: UUID
    operation: Operation
    based_on_version: int
    first_version: int
    last_version: int


@dataclass(frozen=True, slots=True)
class Posted:
    """What an operation wrote; in a dry run, what it would write."""

    operation: Operation
    transactions: tuple[Transaction, ...]
    """The home wallet's first, then those of the other side."""
    based_on_version: int
    replayed: bool = False
    dry_run: bool = False
    issued: tuple[Issued, ...] = ()
    changed: tuple[OpenInvoice, ...] = ()
    """Invoices of the home wallet that left its queue or came back into it; not in a replay."""
    account: Account | None = None
    """The home wallet after it; not in a replay."""
    known: KnownOperation | None = None
    """A replay, until its transactions are read back."""

    @property
    def after(self) -> WalletState:
        """The home wallet right after this operation."""
        home = self.transactions[0].wallet_id
        return next(t.after for t in reversed(self.transactions) if t.wallet_id == home)


Outcome = Posted | Refusal | Fault | Exception


@dataclass(frozen=True, slots=True)
class Written:
    """A decision to be written."""

    operation: Operation
    decision: Decision
    based_on_version: int
    months: Issue | None = None


@dataclass(slots=True)
class Batch:
    """The running state: each command sees what the ones before it decided."""

    accounts: dict[UUID, Account]
    known: dict[tuple[UUID, str | UUID], KnownOperation]
    now: datetime
    written: list[Written] = field(default_factory=list)
    _first: dict[tuple[UUID, str], Posted] = field(default_factory=dict)

    def catch_up(self) -> bool:
        """Write first what the clock has decided, each as the system's own operation, dated at its instant. False where
        that is more than one transaction takes."""
        for account in list(self.accounts.values()):
            while next_instant(account) is not None:
                operation = Operation(new_uuid(), "clock", "system")
                decision = catch_up(account, self.now, operation)
                if decision is None:
                    break
                if len(self.written) >= MOST_CAUGHT_UP:
                    return False
                self._keep(operation, decision, account)
                account = decision.account
        return True

    def decide(self, command: Command) -> Outcome:
        """Known keys first; then the rules. A refusal leaves no trace."""
        account, other_id = self.accounts.get(command.wallet_id), command.other_wallet_id
        other = self.accounts.get(other_id) if other_id else None
        if account is None or (other_id and other is None):
            return NotFound("There is no such wallet.")
        replay = self._replay(command)
        if replay is not None:
            return replay
        try:
            decision = decide(account, command, self.now, other)
        except (Refusal, NotFound) as refusal:
            return refusal
        there = decision.other.transactions if decision.other else ()
        posted = Posted(
            command.operation,
            decision.transactions + there,
            account.state.version if command.dry_run else account.base_version,
            dry_run=command.dry_run,
            issued=decision.issued,
            changed=decision.changed,
            account=decision.account,
        )
        if not command.dry_run and not isinstance(command, Tick):
            self._keep(command.operation, decision, account, command if isinstance(command, Issue) else None)
            if decision.other is not None and other is not None:
                self._keep(replace(command.operation, key=None, input_hash=None), decision.other, other)
            if command.operation.key is not None:
                self._first[command.wallet_id, command.operation.key] = posted
        return posted

    def _keep(self, operation: Operation, decision: Decision, before: Account, months: Issue | None = None) -> None:
        self.written.append(Written(operation, decision, before.base_version, months))
        self.accounts[before.id] = decision.account

    def _replay(self, command: Command) -> Outcome | None:
        operation, wallet_id = command.operation, command.wallet_id
        if (own := self.known.get((wallet_id, operation.id))) is not None:
            return Posted(own.operation, (), own.based_on_version, known=own)
        if operation.key is None:
            return None
        if (here := self._first.get((wallet_id, operation.key))) is not None:
            return _same(command, here.operation) or replace(here, replayed=True, dry_run=command.dry_run)
        if (known := self.known.get((wallet_id, operation.key))) is not None:
            again = Posted(known.operation, (), known.based_on_version, True, command.dry_run, known=known)
            return _same(command, known.operation) or again
        return None


def _same(command: Command, first: Operation) -> IdempotencyConflict | None:
    """The same key with another input belongs to another request. Of what was erased nothing tells what was asked."""
    if first.input_hash in (command.operation.input_hash, ERASED):
        return None
    return IdempotencyConflict(command.wallet_id, first.id)
