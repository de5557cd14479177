"""How a tenant stands at a moment: what forecasts show and what alerts are raised on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """Amounts in minor units of the wallet's currency."""

    tenant_id: UUID
    wallet_id: UUID
    currency: str
    available: int
    due: int
    locked: bool
    """Whether the account is locked, for money or by hand."""
    months_remaining: Decimal | None
    """available / monthlyCharge, to one decimal; None where nothing is charged."""
    locks_at: datetime | None
    """When it is projected to lock for money; None beyond the horizon, or where it is locked already."""
    price_changes_at: datetime | None
    """When the next scheduled price begins."""
