"""Edges from alerts and their rules."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from uuid import UUID

import strawberry

from domain import access, ids
from domain import alerts as rules
from resolvers.wallet_edges import WalletEdges
from schema.alerts import Alert, AlertRule
from schema.people import Tenant
from schema.wallets import Wallet
from services import alert_queries
from services.coalescing import Coalescer


class AlertEdges(WalletEdges):
    """What an alert and a rule lead to."""

    @cached_property
    def rules(self) -> Coalescer[UUID, rules.AlertRule]:
        """Rules by id."""
        return Coalescer(alert_queries.load_rules)

    @cached_property
    def firing(self) -> Coalescer[UUID, int]:
        """For how many tenants rules fire."""
        return Coalescer(alert_queries.load_firing)

    @cached_property
    def read_marks(self) -> Coalescer[UUID, datetime]:
        """Until when the viewer has read."""

        async def load(user_ids: list[UUID]) -> Mapping[UUID, datetime]:
            mark = await alert_queries.read_until(self.viewer)
            return dict.fromkeys(user_ids, mark) if mark else {}

        return Coalescer(load)

    async def rule_tenant(self, rule: AlertRule) -> Tenant | None:
        """Where the viewer may read tenants."""
        uuid = rule.tenant_id and self.readable("ten", rule.tenant_id, "tenant:read")
        found = await self.tenants.get(uuid) if uuid else None
        return Tenant.of(found) if found else None

    async def rule_firing(self, rule: AlertRule) -> int:
        """0 for a rule that a dry run made up."""
        uuid = ids.read("alr", rule.id)
        return (await self.firing.get(uuid) or 0) if uuid else 0

    async def alert_rule(self, alert: Alert) -> AlertRule | None:
        """Where the viewer may read it."""
        uuid = ids.read("alr", alert.rule_id)
        found = await self.rules.get(uuid) if uuid else None
        return AlertRule.of(found) if found and alert_queries.sees_rule(self.viewer, found) else None

    async def alert_wallet(self, alert: Alert) -> Wallet | None:
        """It has the tenant's UUID."""
        uuid = ids.read("ten", alert.tenant_id)
        if uuid is None or not access.sees_balance(self.viewer, uuid):
            return None
        return await self.wallet(strawberry.ID(ids.make("wal", uuid)))

    async def alert_read(self, alert: Alert) -> bool:
        """Programs have none unread."""
        user_id = self.viewer.user_id
        mark = await self.read_marks.get(user_id) if user_id else None
        return mark is None or alert.fired_at <= mark
