"""Why a balance is what it is."""

from decimal import Decimal

import strawberry

from schema.enums import TransactionReason, TransactionType
from schema.wallets import WalletState


@strawberry.type
class ExplanationStep:
    """All transactions of one type and reason. Exact sums, which may pass what Minor holds."""

    type: TransactionType
    reason: TransactionReason
    transactions: int = strawberry.field(description="How many they are.")
    amount_minor: Decimal = strawberry.field(description="What they changed the total by, together.")
    locked_amount_minor: Decimal
    due_amount_minor: Decimal


@strawberry.type
class WalletExplanation:
    """The state at one instant and all the steps come to the state at the other: total, locked and due."""

    since: WalletState = strawberry.field(name="from")
    until: WalletState
    steps: list[ExplanationStep]
