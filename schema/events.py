"""A wallet's life as its subscribers see it."""

from typing import Annotated

import strawberry

from schema.ledger import Transaction
from schema.wallets import Wallet, WalletState


@strawberry.type
class WalletSnapshot:
    """Where a stream of events begins."""

    wallet: Wallet


@strawberry.type
class WalletChange:
    """One transaction, as it happens."""

    transaction: Transaction
    after: WalletState = strawberry.field(description="As it stood right after this transaction.")
    last_of_operation: bool = strawberry.field(
        description="False while more of the same operation follows: a screen may wait for the last to draw."
    )


WalletEvent = Annotated[WalletSnapshot | WalletChange, strawberry.union("WalletEvent")]
