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
    action: str = strawberry.field(description="What was done, mostly a mutation's name, such as updateUser.")
    subject_id: strawberry.ID = strawberry.field(description="What it was done to.")
    before: JSON | None = strawberry.field(description="What was changed, as it was before; never a secret.")
    after: JSON | None = strawberry.field(description="What was changed, as it was after.")
