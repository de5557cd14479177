"""Wallets: their balances, and the two locks."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import ids, wallets
from schema.context import Info
from schema.enums import LockReason
from schema.ledger import Hold, Transaction, TransactionFilter
from schema.links import ForecastLink, OwnerLink, WalletExplanationLink
from schema.node import Node, shown
from schema.paging import Connection, Page
from schema.refusals import NotPossible
from schema.scalars import Minor

if TYPE_CHECKING:
    from schema.people import Tenant, User


@strawberry.type
class Balance:
    """available = total − locked."""

    total: Minor
    locked: Minor = strawberry.field(description="Held for pending invoices and other holds.")
    available: Minor = strawberry.field(description="total − locked.")

    @classmethod
    def of(cls, state: wallets.WalletState) -> "Balance":
        """The three figures of a state."""
        return cls(total=Minor(state.total), locked=Minor(state.locked), available=Minor(state.available))


@strawberry.type
class LockStatus:
    """Two independent locks, for money and by hand; the wallet is locked while either is on."""

    locked: bool
    reasons: list[LockReason]
    since: datetime | None
    amount_due: Minor = strawberry.field(description="Sum of the DUE invoices.")
    locks_at: datetime | None = strawberry.field(
        description="When it locks for money unless paid: the end of the oldest grace still running."
    )
    unlock_amount: Minor = strawberry.field(
        description="The smallest top-up that pays all that is due; 0 when nothing is."
    )
    top_up_unlocks: bool = strawberry.field(
        description="False while it is also locked by hand: then paying is not enough."
    )

    @classmethod
    def of(cls, state: wallets.WalletState) -> "LockStatus":
        """The locks of a state."""
        return cls(
            locked=state.is_locked,
            reasons=state.lock_reasons,
            since=state.locked_since,
            amount_due=Minor(state.due),
            locks_at=state.locks_at,
            unlock_amount=Minor(state.unlock_amount),
            top_up_unlocks=state.top_up_unlocks,
        )


@strawberry.type
class WalletState:
    """A wallet at one moment of its life."""

    version: int
    time: datetime
    balance: Balance
    lock: LockStatus

    @classmethod
    def of(cls, state: wallets.WalletState) -> "WalletState":
        """A state, as the API shows it."""
        return cls(version=state.version, time=state.time, balance=Balance.of(state), lock=LockStatus.of(state))


@strawberry.type
class Wallet(Node):
    """One per tenant and one per user."""

    currency: str = strawberry.field(description="ISO 4217.")
    currency_exponent: int = strawberry.field(
        description="Decimals of its currency (INR 2, JPY 0, KWD 3), fixed when the wallet was made."
    )
    balance: Balance
    lock: LockStatus
    version: int = strawberry.field(
        description="Number of the last transaction: 0 for a new wallet, +1 with each, never a gap."
    )
    created_at: datetime
    updated_at: datetime
    dry_owner: strawberry.Private["User | Tenant | None"] = None

    @classmethod
    def of(cls, wallet: wallets.Wallet, *, dry: bool = False) -> "Wallet":
        """A wallet as stored now; `dry`: as it would be made."""
        state = wallet.state
        return cls(
            id=shown(ids.make("wal", wallet.id), dry=dry),
            currency=wallet.currency.code,
            currency_exponent=wallet.currency.exponent,
            balance=Balance.of(state),
            lock=LockStatus.of(state),
            version=state.version,
            created_at=wallet.created_at,
            updated_at=state.time,
        )

    @strawberry.field
    async def owner(self, info: Info) -> OwnerLink:
        """Whose it is."""
        return self.dry_owner or await info.context.edges.owner(self.id)

    @strawberry.field
    async def monthly_charge(self, info: Info) -> Minor:
        """Mean of the last (at most three) closed months' invoices.

        The running month's projection where there is none yet.
        """
        return Minor(await info.context.edges.wallet_monthly_charge(self))

    @strawberry.field
    async def months_remaining(self, info: Info) -> float | None:
        """available / monthlyCharge, rounded down to one decimal; null when nothing is charged."""
        return await info.context.edges.wallet_months_remaining(self)

    @strawberry.field
    async def forecast(self, info: Info, months: int = 12) -> ForecastLink | None:
        """When it locks if nothing is paid in, month by month, of which so many are shown (1 to 24).

        Null for a person's wallet, and for whoever may not read usage and prices.
        """
        return await info.context.edges.wallet_forecast(self, months)

    @strawberry.field
    async def transactions(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        where: Annotated[TransactionFilter | None, strawberry.argument(name="filter")] = None,
    ) -> Connection[Transaction]:
        """Newest first; after goes to older ones."""
        return await info.context.edges.wallet_transactions(self, Page(first, after, last, before), where)

    @strawberry.field
    async def holds(
        self, info: Info, active: bool | None = True, first: int | None = 50, after: str | None = None
    ) -> Connection[Hold]:
        """Those that are open; all of them where active is null."""
        return await info.context.edges.wallet_holds(self, Page(first, after), active)

    @strawberry.field
    async def as_of(self, info: Info, time: datetime) -> WalletState:
        """The wallet as it was at that instant."""
        return await info.context.edges.wallet_as_of(self, time)

    @strawberry.field
    async def explain(
        self, info: Info, since: Annotated[datetime, strawberry.argument(name="from")], until: datetime
    ) -> WalletExplanationLink:
        """Why the balance at one instant became that at another: what changed it, by type and reason."""
        return await info.context.edges.wallet_explain(self, since, until)


@strawberry.input
class WalletFilter:
    """What is not given does not filter."""

    locked: bool | None = None
    currency: str | None = None
    search: str | None = strawberry.field(default=None, description="Matches owner name or phone, ignoring case.")
    available_below: Minor | None = strawberry.field(default=None, description="Needs currency.")
    due: bool | None = None


@strawberry.type
class OperationPayload:
    """What each answer to an operation tells of the wallet that was asked."""

    after: WalletState = strawberry.field(description="Right after this operation; in a dry run, as it would be.")
    operation_id: strawberry.ID
    replayed: bool
    dry_run: bool
    wallet_id: strawberry.Private[strawberry.ID]

    @strawberry.field
    async def wallet(self, info: Info) -> Wallet:
        """As stored now, also in a dry run and a replay."""
        return await info.context.edges.wallet(self.wallet_id)


@strawberry.type
class WalletPayload:
    """A wallet that was made, or whose lock was turned."""

    after: WalletState
    wallet_id: strawberry.Private[strawberry.ID]
    dry_wallet: strawberry.Private[Wallet | None] = None

    @strawberry.field
    async def wallet(self, info: Info) -> Wallet:
        """As stored now, also in a dry run that turns its lock."""
        return self.dry_wallet or await info.context.edges.wallet(self.wallet_id)


WalletResult = Annotated[WalletPayload | NotPossible, strawberry.union("WalletResult")]
