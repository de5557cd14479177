"""Forecasts: whose money runs out soonest."""

from datetime import datetime

import strawberry

from domain import ids
from domain.wallets import months_remaining
from resolvers import paging
from resolvers.context import Info
from resolvers.named import checked_text
from schema.forecast import LockRisk
from schema.node import shown
from schema.paging import Connection, Edge, Page
from services import forecast_queries
from services.forecast_queries import RiskKey


@strawberry.type
class ForecastQueries:
    """What is going to happen."""

    @strawberry.field
    async def lock_risks(
        self,
        info: Info,
        currency: str | None = None,
        until: datetime | None = None,
        first: int | None = 25,
        after: str | None = None,
    ) -> Connection[LockRisk]:
        """Tenants by when they lock for money, soonest first: those that are locked, then those that are going to be
        within two years. topUpMinor carries each to `until`: in 30 days where none is given.
        """
        core, viewer = info.context.core, info.context.signed_in
        asked = paging.forward(Page(first, after), paging.read_instant_and_uuid)
        wanted = checked_text("currency", currency)
        page = await forecast_queries.list_risks(core, viewer, wanted, until, asked.limit, asked.key)

        async def count() -> int | None:
            return await forecast_queries.count_risks(viewer, wanted)

        found = paging.connection(page.keys, asked, lambda key: page.risks.get(key[1]), _cursor, count)
        edges = [Edge(cursor=edge.cursor, node=_risk(edge.node)) for edge in found.edges if edge.node]
        return Connection(edges=edges, page_info=found.page_info, count=count)


def _cursor(key: RiskKey) -> str:
    return f"{key[0].isoformat()} {key[1].hex}"


def _risk(risk: forecast_queries.LockRisk) -> LockRisk:
    tenant_id = risk.key[1]
    return LockRisk(
        locks_at=risk.locks_at,
        charge_this_month_minor=risk.charge_this_month,
        months_remaining=months_remaining(risk.available, risk.monthly_charge),
        top_up_minor=risk.top_up,
        tenant_id=shown(ids.make("ten", tenant_id)),
        wallet_id=shown(ids.make("wal", tenant_id)),
    )
