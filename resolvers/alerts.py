"""Alerts and the rules that raise them."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, cast

import strawberry
from strawberry.utils.str_converters import to_camel_case

from domain import access, ids
from domain.alert_rules import RuleChanges
from domain.alerts import Threshold
from domain.refusals import BadInput
from resolvers import paging
from resolvers.context import Info, RequestContext
from resolvers.named import INPUT, Id, found, found_if_given
from resolvers.paging import Slice
from schema.alerts import (
    Alert,
    AlertRule,
    AlertRulePayload,
    AlertRuleResult,
    CreateAlertRuleInput,
    UpdateAlertRuleInput,
)
from schema.node import shown
from schema.paging import Connection, Page
from services import alert_queries
from services import alert_rules as stories
from services.alert_queries import AlertFilter, Place
from services.alert_rows import AlertRecord
from services.alert_rules import NewRule, RuleOutcome


@strawberry.type
class AlertQueries:
    """What is watched, and what has fired."""

    @strawberry.field
    async def alert_rules(self, info: Info, first: int | None = 50, after: str | None = None) -> Connection[AlertRule]:
        """Newest first, less the deleted ones."""
        viewer, asked = info.context.signed_in, paging.forward(Page(first, after), paging.read_uuid)

        async def count() -> int | None:
            return await alert_queries.count_rules(viewer)

        rows = await alert_queries.list_rules(viewer, asked.limit, asked.key)
        return paging.connection(rows, asked, AlertRule.of, lambda row: row.id.hex, count)

    @strawberry.field
    async def alerts(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        firing: bool | None = None,
        tenant_id: strawberry.ID | None = None,
    ) -> Connection[Alert]:
        """Newest first; with firing those that go on, or those that have recovered."""
        viewer, asked = info.context.signed_in, _asked(Page(first, after))
        uuid = None if tenant_id is None else ids.read("ten", tenant_id)
        if tenant_id is not None and uuid is None:
            return paging.empty()
        where = AlertFilter(firing, uuid)

        async def count() -> int | None:
            return await alert_queries.count_alerts(viewer, where)

        rows = await alert_queries.list_alerts(viewer, where, asked.limit, asked.key)
        return paging.connection(
            rows, asked, shown_alert, lambda row: f"{row.fired_at.isoformat()} {row.id.hex}", count
        )

    @strawberry.field
    async def unread_alerts(self, info: Info) -> int:
        """How many have fired since the signed-in person last marked them read: 1,000 stands for that many or more."""
        return await alert_queries.count_unread(info.context.signed_in)


@strawberry.type
class AlertMutations:
    """What is watched for."""

    @strawberry.mutation
    async def create_alert_rule(self, info: Info, asked: Annotated[CreateAlertRuleInput, INPUT]) -> AlertRuleResult:
        """Watches from now on: it fires within seconds for whoever meets its condition already."""
        threshold = Threshold(asked.threshold_minor, asked.threshold_months, asked.threshold_days)
        tenant_id = found_if_given("ten", asked.tenant_id)
        new = NewRule(asked.name, asked.condition, threshold, asked.currency, tenant_id)
        context = info.context
        made = await stories.create_rule(context.core, context.signed_in, new, dry_run=asked.dry_run)
        return await _payload(context, made, dry=asked.dry_run)

    @strawberry.mutation
    async def update_alert_rule(
        self, info: Info, rule_id: Id, asked: Annotated[UpdateAlertRuleInput, INPUT], dry_run: bool = False
    ) -> AlertRuleResult:
        """What is not given stays. With active: false what fires recovers quietly, that is without a webhook."""
        context, changes = info.context, _given(asked)
        uuid = found("alr", rule_id)
        after = await stories.update_rule(context.core, context.signed_in, uuid, changes, dry_run=dry_run)
        return await _payload(context, after)

    @strawberry.mutation
    async def delete_alert_rule(self, info: Info, rule_id: Id, dry_run: bool = False) -> AlertRuleResult:
        """What fires recovers quietly; its alerts stay."""
        context = info.context
        gone = await stories.delete_rule(context.core, context.signed_in, found("alr", rule_id), dry_run=dry_run)
        return await _payload(context, gone)

    @strawberry.mutation
    async def mark_alerts_read(self, info: Info, until: datetime) -> bool:
        """What had fired by then, for the signed-in person: give the newest one's firedAt."""
        await alert_queries.mark_read(info.context.core, info.context.signed_in, until)
        return True


def shown_alert(alert: AlertRecord) -> Alert:
    """As the API shows it."""
    whose = ids.make("alr", alert.rule_id), ids.make("ten", alert.tenant_id)
    made = ids.make("alt", alert.id)
    return Alert.of(made, whose, alert.figures, alert.currency, alert.fired_at, alert.recovered_at)


async def _payload(context: RequestContext, outcome: RuleOutcome, *, dry: bool = False) -> AlertRulePayload:
    reads = access.holds(context.signed_in, "tenant:read")
    tenants = [shown(ids.make("ten", tenant_id)) for tenant_id in outcome.fires.tenant_ids if reads]
    return AlertRulePayload(
        rule=AlertRule.of(outcome.rule, dry=dry),
        would_fire=outcome.fires.count,
        tenants=await asyncio.gather(*(context.edges.tenant(tenant_id) for tenant_id in tenants)),
    )


def _asked(page: Page) -> Slice[Place]:
    return paging.forward(page, paging.read_instant_and_uuid)


def _given(asked: UpdateAlertRuleInput) -> RuleChanges:
    given: dict[str, Any] = {field: value for field, value in vars(asked).items() if value is not strawberry.UNSET}
    for field, value in given.items():
        if value is None:
            raise BadInput(f"{to_camel_case(field)} takes a value: to keep it as it is, leave it out.")
    return cast(RuleChanges, given)
