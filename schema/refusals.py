"""What a mutation answers when it is understood and allowed but cannot be done: members of the result unions."""

from datetime import datetime

import strawberry

from schema.context import Info
from schema.enums import UsageRefusalCode
from schema.links import LockStatusLink, WalletLink
from schema.scalars import Minor


@strawberry.interface
class Refusal:
    """Nothing was written."""

    message: str = strawberry.field(description="A sentence for a person, with the figures in it.")


@strawberry.type
class InsufficientFunds(Refusal):
    """The wallet has less available than it takes."""

    available_minor: Minor
    required_minor: Minor
    shortfall_minor: Minor


@strawberry.type
class WalletLocked(Refusal):
    """A locked wallet takes nothing out by hand."""

    wallet_id: strawberry.ID
    lock: LockStatusLink


@strawberry.type
class IdempotencyConflict(Refusal):
    """The key belongs to a request with another input."""

    operation_id: strawberry.ID = strawberry.field(description="The operation that this key belongs to.")


@strawberry.type
class VersionConflict(Refusal):
    """The wallet has moved on."""

    wallet_id: strawberry.Private[strawberry.ID]

    @strawberry.field
    async def wallet(self, info: Info) -> WalletLink:
        """As it now stands."""
        return await info.context.edges.wallet(self.wallet_id)


@strawberry.type
class PeriodClosed(Refusal):
    """A closed month is history."""

    open_from: datetime = strawberry.field(description="The first instant for which this request would be accepted.")


@strawberry.type
class NotPossible(Refusal):
    """The state of the thing does not allow it:

    a hold already captured, a transaction already reversed, a phone already taken.
    """


@strawberry.type
class RefusedEvent:
    """An event of a request that was refused."""

    index: int
    key: str
    tenant_id: strawberry.ID
    code: UsageRefusalCode
    message: str
    open_from: datetime | None = None
    lock: LockStatusLink | None = None


@strawberry.type
class UsageRefused(Refusal):
    """Nothing of the request was recorded; these events are why."""

    events: list[RefusedEvent]
