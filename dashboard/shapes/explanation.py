"""Why a balance is what it is, as the document answers it. Sums are exact decimals of minor units."""

from typing import TypedDict

from dashboard.shapes.wallets import State


class Step(TypedDict):
    """All transactions of one type and reason."""

    type: str
    reason: str
    transactions: int
    amountMinor: str
    lockedAmountMinor: str
    dueAmountMinor: str


# "from" is a word of Python's own.
Explanation = TypedDict("Explanation", {"from": State, "until": State, "steps": list[Step]})
