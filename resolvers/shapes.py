"""What services read, as the API's types; the types make themselves of the domain's values."""

from typing import Any, TypeVar
from uuid import UUID

import strawberry

from domain import access, ids
from domain.access import Viewer
from schema.billing import BillingFailure, BillingRun, RunAmounts
from schema.explanation import ExplanationStep, WalletExplanation
from schema.ledger import Hold, Operation, Transaction
from schema.node import shown
from schema.usage import MonthlyUsage
from schema.wallets import OperationPayload, WalletState
from services.billing_queries import RunRecord
from services.explanations import Explanation
from services.hold_queries import HoldRecord
from services.posting_batch import Posted
from services.usage_queries import MonthlyUsage as MonthlyRecord
from services.wallet_queries import OperationRecord

P = TypeVar("P", bound=OperationPayload)


def operation(record: OperationRecord, viewer: Viewer) -> Operation:
    """One request that changed wallets, as far as the viewer sees them."""
    sides = [side for side in record.sides if access.sees(viewer, side.wallet_id)]
    return Operation(
        id=shown(ids.make_operation(sides[0].wallet_id, record.operation.id)),
        kind=record.operation.kind,
        actor=record.operation.actor,
        created_at=record.created_at,
        transaction_keys=[
            (side.wallet_id, version) for side in sides for version in range(side.first_version, side.last_version + 1)
        ],
    )


def is_dry(posted: Posted) -> bool:
    """Whether what it made is only made up: a dry run with a known key shows what was written then."""
    return posted.dry_run and not posted.replayed


def _operation_id(posted: Posted) -> strawberry.ID:
    """Of the wallet that was asked."""
    return shown(ids.make_operation(posted.transactions[0].wallet_id, posted.operation.id), dry=is_dry(posted))


def payload(kind: type[P], posted: Posted, **own: Any) -> P:
    """The answer to an operation, with what is its own beside what each tells."""
    return kind(
        after=WalletState.of(posted.after),
        operation_id=_operation_id(posted),
        replayed=posted.replayed,
        dry_run=posted.dry_run,
        wallet_id=shown(ids.make("wal", posted.transactions[0].wallet_id)),
        **own,
    )


def transactions(posted: Posted, viewer: Viewer) -> list[Transaction]:
    """What was posted; what a dry run would post leads to its operation and back."""
    dry = is_dry(posted)
    lines = [
        Transaction.of(line, viewer, dry=dry) for line in posted.transactions if access.sees(viewer, line.wallet_id)
    ]
    if dry:
        would_be = Operation(
            id=lines[0].operation_id,
            kind=posted.operation.kind,
            actor=posted.operation.actor,
            created_at=lines[0].created_at,
            transaction_keys=[],
            dry_transactions=lines,
        )
        for line in lines:
            line.dry_operation = would_be
    return lines


def explanation(found: Explanation) -> WalletExplanation:
    """Why a balance is what it is."""
    return WalletExplanation(
        since=WalletState.of(found.before),
        until=WalletState.of(found.after),
        steps=[
            ExplanationStep(
                type=step.type,
                reason=step.reason,
                transactions=step.transactions,
                amount_minor=step.amount,
                locked_amount_minor=step.locked_amount,
                due_amount_minor=step.due_amount,
            )
            for step in found.steps
        ],
    )


def hold(record: HoldRecord, *, dry: bool = False) -> Hold:
    """Locked money; `dry`: as it would be held."""
    invoice = record.invoice and ids.make_numbered("inv", record.wallet_id, record.invoice)
    return Hold(
        id=shown(ids.make_numbered("hld", record.wallet_id, record.number), dry=dry),
        amount_minor=record.amount,
        captured_minor=record.captured,
        status=record.status,
        description=record.description,
        expires_at=record.expires_at,
        created_at=record.created_at,
        wallet_id=shown(ids.make("wal", record.wallet_id)),
        invoice_id=shown(invoice) if invoice else None,
    )


def monthly_usage(record: MonthlyRecord) -> MonthlyUsage:
    """What a tenant used of a service in a month."""
    return MonthlyUsage(
        service=record.service,
        month=record.month,
        quantity=record.quantity,
        late_quantity=record.late_quantity,
        events=record.events,
        charge_minor=record.charge,
        tenant_id=shown(ids.make("ten", record.tenant_id)),
    )


def billing_run(record: RunRecord, failures: list[BillingFailure] | None = None) -> BillingRun:
    """One closing of a month; with its failures it is a dry run's."""
    return BillingRun(
        id=shown(ids.make("run", record.id), dry=failures is not None),
        month=record.month,
        tenants=record.tenants,
        done=record.done,
        invoice_count=record.invoice_count,
        amounts=[
            RunAmounts(currency=of.currency, billed_minor=of.billed, collected_minor=of.collected)
            for of in record.amounts
        ],
        locked=record.locked,
        started_at=record.started_at,
        finished_at=record.finished_at,
        dry_failures=failures,
    )


def billing_failure(failure: tuple[UUID, str]) -> BillingFailure:
    """A tenant that could not be billed, and why."""
    tenant_id, message = failure
    return BillingFailure(message=message, tenant_id=shown(ids.make("ten", tenant_id)))
