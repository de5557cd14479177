"""What erasing answers."""

import strawberry

from schema.ledger import Transaction


@strawberry.type
class ErasurePayload:
    """A transaction whose words are gone."""

    transaction: Transaction
