"""Tenants as the documents answer them. Amounts are minor units."""

from typing import NotRequired, TypedDict

from dashboard.shapes.billing import MonthlyUsage, OpenMonth
from dashboard.shapes.lists import Connection
from dashboard.shapes.wallets import Wallet


class DailyUsage(TypedDict):
    """What was used of a service on a day of the billing zone."""

    day: str
    service: str
    quantity: str
    events: int


class Tenant(TypedDict):
    """A tenant and its terms; usage and open months only on the page of one."""

    id: str
    name: str
    externalId: str | None
    active: bool
    closedAt: str | None
    currency: str
    billingZone: str
    graceDays: int
    finalizationDays: int
    billingDelayHours: int
    createdAt: str
    wallet: Wallet
    unbilledMonths: NotRequired[list[OpenMonth]]
    usage: NotRequired[Connection[MonthlyUsage]]
