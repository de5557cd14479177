"""Whom a rule fires for as tenants stand now: told before it is written, and with the answer."""

from dataclasses import dataclass, field
from uuid import UUID

from domain.alerts import AlertRule
from services.core import Core
from services.database import now
from services.standings import count_meeting, find_meeting

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """How many, None for more than 10,000; and the first ten of them."""

    count: int | None = 0
    tenant_ids: list[UUID] = field(default_factory=list)


async def preview(core: Core, rule: AlertRule) -> Preview:
    """None for a rule that watches nothing."""
    if not rule.active:
        return Preview()
    instant = await now(core.clock)
    return Preview(await count_meeting(rule, instant), await find_meeting(rule, instant, SHOWN))
