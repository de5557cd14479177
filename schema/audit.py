"""Who changed what outside the wallets' logs."""

from datetime import datetime

import strawberry

from schema.node import Node
from schema.scalars import JSON


@strawberry.type
class AuditEntry(Node):
    """A change of state outside the wallets' logs."""

    time: datetime
    actor: str = strawberry.field(description="Who did it: a user, an API token, or the system.")
    action: str
    subject_id: strawberry.ID
    before: JSON | None
    after: JSON | None
