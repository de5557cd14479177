"""Setting a rehearsed price for all with whom it was rehearsed, tenant by tenant: tried first, then done.

Setting it again is harmless: the same price of the same instant is the same price.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard.client import Api, ApiError
from dashboard.format import Manner, zone_of
from dashboard.shapes.lists import nodes
from dashboard.shapes.rehearsal import Rehearsal

AT_ONCE = 4
PAGE = 25
"""As many as one answer of RehearsedTenants has."""
NOT_OF_ONE = frozenset({"UNAUTHENTICATED", "UNAVAILABLE", "FORBIDDEN"})
"""What goes wrong for all of them and not for the one that was asked of."""


@dataclass(frozen=True)
class Plan:
    """What was rehearsed, what came of it, and what a unit of it is called where that is known."""

    input: dict[str, Any]
    told: Rehearsal
    unit: str

    @property
    def terms(self) -> dict[str, Any]:
        """What setPrice takes of it."""
        return {name: self.input[name] for name in self.input if name not in ("tenantIds", "currency", "months")}


@dataclass(frozen=True)
class Outcome:
    """What came of one tenant, in words."""

    tenant_id: str
    name: str
    words: str
    is_set: bool


async def set_for_all(
    api: Api, plan: Plan, day: str, manner: Manner, *, dry_run: bool = False
) -> AsyncIterator[list[Outcome]]:
    """A few at a time: they are different tenants, so none waits for another. May raise ApiError."""
    async for group in _groups(api, plan):
        for start in range(0, len(group), AT_ONCE):
            some = group[start : start + AT_ONCE]
            yield await asyncio.gather(*(_set_one(api, plan, one, day, manner, dry_run=dry_run) for one in some))


async def _groups(api: Api, plan: Plan) -> AsyncIterator[list[Any]]:
    """Those that were rehearsed: named, or found page by page."""
    if "tenantIds" in plan.input:
        yield await _rehearsed(api, plan, plan.input["tenantIds"])
        return
    after, more = None, True
    while more:
        answer = (await api.send("TenantsInBrief", first=PAGE, after=after))["tenants"]
        ids = [one["id"] for one in nodes(answer) if one["currency"] == plan.input["currency"]]
        if ids:
            yield await _rehearsed(api, plan, ids)
        after, more = answer["pageInfo"]["endCursor"], answer["pageInfo"]["hasNextPage"]


async def _rehearsed(api: Api, plan: Plan, ids: list[str]) -> list[Any]:
    """Of these tenants those that have the service and a closed month."""
    asked = {**plan.input, "tenantIds": ids}
    answer = await api.send("RehearsedTenants", input=asked, service=plan.input["service"])
    return [one["tenant"] for one in nodes(answer["priceRehearsal"]["tenants"])]


async def _set_one(api: Api, plan: Plan, tenant: Any, day: str, manner: Manner, *, dry_run: bool) -> Outcome:
    """From the day's midnight in its billing zone, where its months begin."""
    zone = zone_of(tenant["billingZone"])
    begins = datetime.fromisoformat(day).replace(tzinfo=zone).isoformat()
    prices = nodes(tenant["prices"])
    named = {"tenantId": tenant["id"], "unit": prices[0]["unit"] if prices else plan.unit, "effectiveFrom": begins}
    there = replace(manner, zone=zone)
    try:
        result = (await api.send("SetPrice", input={**plan.terms, **named, "dryRun": dry_run}))["result"]
    except ApiError as error:
        if error.code in NOT_OF_ONE:
            raise
        return Outcome(tenant["id"], tenant["name"], str(error), False)
    if result["__typename"] == "PricePayload":
        words = f"From {there.moment(result['price']['effectiveFrom'])}"
    elif result["__typename"] == "PeriodClosed":
        words = f"That day has been billed; {there.moment(result['openFrom'])} is the first still open"
    else:
        words = result["message"]
    return Outcome(tenant["id"], tenant["name"], words, result["__typename"] == "PricePayload")
