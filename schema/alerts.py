"""Alerts: the rules that watch how tenants stand, and what they raised."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from domain import alerts, ids
from domain.money import Currency
from schema.context import Info
from schema.enums import AlertCondition
from schema.links import TenantLink, WalletLink
from schema.node import Node, shown
from schema.refusals import NotPossible
from schema.scalars import Minor


@strawberry.input
class CreateAlertRuleInput:
    """About one tenant, all of a currency, or all. An amount is of one currency."""

    name: str
    condition: AlertCondition
    currency: str | None = None
    threshold_minor: Minor | None = strawberry.field(default=None, description="For AVAILABLE_BELOW.")
    threshold_months: Decimal | None = strawberry.field(
        default=None, description="For MONTHS_REMAINING_BELOW: up to 120, with one decimal."
    )
    threshold_days: int | None = strawberry.field(
        default=None, description="For LOCKS_WITHIN_DAYS and PRICE_CHANGES_WITHIN_DAYS: up to 365."
    )
    tenant_id: strawberry.ID | None = None
    dry_run: bool = False


@strawberry.input
class UpdateAlertRuleInput:
    """What is not given stays. What a rule watches for, and whom, stays for good."""

    name: str | None = strawberry.UNSET
    threshold_minor: Minor | None = strawberry.UNSET
    threshold_months: Decimal | None = strawberry.UNSET
    threshold_days: int | None = strawberry.UNSET
    active: bool | None = strawberry.UNSET


@strawberry.type
class AlertRule(Node):
    """What is watched for."""

    name: str
    condition: AlertCondition
    currency: str | None = strawberry.field(description="Whose wallets have it; null: all currencies.")
    currency_exponent: int | None
    threshold_minor: Minor | None
    threshold_months: Decimal | None
    threshold_days: int | None
    recovers_from_minor: Minor | None = strawberry.field(
        description="What must be available for an alert to recover: a twentieth above the threshold."
    )
    tenant_id: strawberry.Private[strawberry.ID | None]
    active: bool = strawberry.field(description="Without it nothing is watched, and what fired has recovered.")
    created_at: datetime
    closed_at: datetime | None = strawberry.field(description="When it was deleted: its alerts stay.")

    @classmethod
    def of(cls, rule: alerts.AlertRule, *, dry: bool = False) -> "AlertRule":
        """A rule, as the API shows it."""
        minor = rule.threshold.minor
        return cls(
            id=shown(ids.make("alr", rule.id), dry=dry),
            name=rule.name,
            condition=rule.condition,
            currency=rule.currency,
            currency_exponent=rule.currency_exponent,
            threshold_minor=minor,
            threshold_months=rule.threshold.months,
            threshold_days=rule.threshold.days,
            recovers_from_minor=None if minor is None else alerts.recovers_at(minor),
            tenant_id=shown(ids.make("ten", rule.tenant_id)) if rule.tenant_id else None,
            active=rule.active,
            created_at=rule.created_at,
            closed_at=rule.closed_at,
        )

    @strawberry.field
    async def tenant(self, info: Info) -> TenantLink | None:
        """Null for a rule about several."""
        return await info.context.edges.rule_tenant(self)

    @strawberry.field
    async def firing(self, info: Info) -> int:
        """For how many tenants it fires now."""
        return await info.context.edges.rule_firing(self)


@strawberry.type
class Alert(Node):
    """One firing: from the moment at which the condition was met until it was left."""

    condition: AlertCondition
    message: str = strawberry.field(description="In words, with the figures that it fired on.")
    currency: str
    currency_exponent: int
    available_minor: Minor = strawberry.field(description="This and what follows: as it stood when it fired.")
    due_minor: Minor
    months_remaining: Decimal | None
    locks_at: datetime | None
    price_changes_at: datetime | None
    threshold_minor: Minor | None
    threshold_months: Decimal | None
    threshold_days: int | None
    firing: bool
    fired_at: datetime
    recovered_at: datetime | None
    rule_id: strawberry.Private[strawberry.ID]
    tenant_id: strawberry.Private[strawberry.ID]

    @classmethod
    def of(
        cls, alert_id: str, whose: tuple[str, str], told: alerts.Figures, currency: Currency,
        fired_at: datetime, recovered_at: datetime | None,
    ) -> "Alert":  # fmt: skip
        """A firing, as the API shows it. `whose`: the rule's id and the tenant's."""
        rule_id, tenant_id = whose
        return cls(
            id=shown(alert_id),
            condition=told.condition,
            message=alerts.message(told, currency),
            currency=currency.code,
            currency_exponent=currency.exponent,
            available_minor=told.available,
            due_minor=told.due,
            months_remaining=told.months_remaining,
            locks_at=told.locks_at,
            price_changes_at=told.price_changes_at,
            threshold_minor=told.threshold.minor,
            threshold_months=told.threshold.months,
            threshold_days=told.threshold.days,
            firing=recovered_at is None,
            fired_at=fired_at,
            recovered_at=recovered_at,
            rule_id=shown(rule_id),
            tenant_id=shown(tenant_id),
        )

    @strawberry.field
    async def rule(self, info: Info) -> AlertRule | None:
        """Null for whoever may not read it: a rule about several tenants says of the others too."""
        return await info.context.edges.alert_rule(self)

    @strawberry.field
    async def tenant(self, info: Info) -> TenantLink:
        """Whom it is about."""
        return await info.context.edges.tenant(self.tenant_id)

    @strawberry.field
    async def wallet(self, info: Info) -> WalletLink | None:
        """The tenant's, as it stands now; null for whoever does not read wallets."""
        return await info.context.edges.alert_wallet(self)

    @strawberry.field
    async def read(self, info: Info) -> bool:
        """Whether the signed-in person has marked it as read; a program has none unread."""
        return await info.context.edges.alert_read(self)


@strawberry.type
class AlertRulePayload:
    """A rule as it now stands."""

    rule: AlertRule
    would_fire: int | None = strawberry.field(
        description="How many tenants meet its condition now: it fires for them within seconds. Null above 10,000."
    )
    tenants: list[TenantLink] = strawberry.field(description="Ten of them.")


AlertRuleResult = Annotated[AlertRulePayload | NotPossible, strawberry.union("AlertRuleResult")]
