"""`tijori demo`: the card's timeline on a simulated clock, through the same services, and three tenants besides.

The card's tenant lives in its own 2025; the others in the months up to today, so that runway and locks show.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import typer

from domain import access
from domain.access import Role, Viewer
from domain.alerts import AlertCondition, Threshold
from domain.billing import month_of, month_start, next_month, previous_month
from domain.ledger import Transaction
from domain.money import Currency
from domain.people import Tenant
from domain.usage import UsageEvent
from server import embedded, folder, migrate
from server.first_admin import first_admin
from server.logs import configure
from server.opened import opened
from server.settings import Settings
from services.alert_rules import NewRule, create_rule
from services.billing import run_billing
from services.clock import Clock
from services.core import Core
from services.database import now
from services.identity import new_uuid
from services.people import create_tenant, create_user
from services.people_input import NewTenant, NewUser
from services.people_queries import has_users, list_tenants
from services.pricing import NewPrice, set_price
from services.usage import record_usage
from services.wallet_queries import LogFilter, list_transactions
from services.wallets import top_up

Step = Callable[[], Awaitable[object]]
RUPEES = Currency("INR", 2)
EVERYWHERE = timedelta(hours=6)
"""After a month's end in India it has ended in UTC too."""


def play(settings: Settings) -> None:
    """Into an empty store; into another it writes nothing and says so."""
    configure()
    secret = folder.secret(settings)
    with embedded.database(settings, share=True) as url:
        migrate.apply(url)
        asyncio.run(_play(settings, url, secret))


async def _play(settings: Settings, url: str, secret: str) -> None:
    clock = Clock()
    async with opened(url, secret, clock) as shared:
        if await has_users() or await list_tenants(access.SYSTEM, None, 1, None):
            typer.echo("The store has data already: the demo plays into an empty one (set TIJORI_DATA_DIR to another).")
            return
        today = await now(clock)
        clock.set(_at("2025-01-31"))
        how_to_sign_in = await first_admin(shared.core, settings)
        demo = Demo(shared.core, access.SYSTEM)
        card = await play_card(demo)
        await play_others(demo, today)
        await watch(demo)
        typer.echo(statement(card, await list_transactions(card.id, LogFilter(), 100, oldest_first=True)))
        typer.echo(f"\n{how_to_sign_in}")


@dataclass(slots=True)
class Demo:
    """Tells stories at given instants of the simulated clock."""

    core: Core
    viewer: Viewer
    _events: int = field(default=0)

    def at(self, instant: datetime) -> None:
        """Move the clock."""
        self.core.clock.set(instant)

    async def tenant(self, name: str, **more: object) -> Tenant:
        """With its wallet."""
        return await create_tenant(self.core, self.viewer, NewTenant(name, **more))  # type: ignore[arg-type]

    async def price(self, tenant: Tenant, service: str, unit: str, minor: str, since: datetime) -> None:
        """From that instant on."""
        await set_price(self.core, self.viewer, NewPrice(tenant.id, service, unit, Decimal(minor), since))

    async def top_up(self, tenant: Tenant, minor: int, description: str = "Top-up") -> None:
        """Money comes in."""
        await top_up(self.core, self.viewer, tenant.id, minor, description, new_uuid().hex)

    async def use(self, tenant: Tenant, service: str, quantity: int) -> None:
        """Now."""
        self._events += 1
        event = UsageEvent(tenant.id, f"demo-{self._events}", service, Decimal(quantity))
        await record_usage(self.core, self.viewer, [event])

    async def bill(self, month: date, *tenants: Tenant) -> None:
        """A month that is over; for all where none is named."""
        await run_billing(self.core, self.viewer, month, [tenant.id for tenant in tenants] or None)


async def play_card(demo: Demo) -> Tenant:
    """February to May 2025, as the quick reference card tells it, and the top-up that settles April."""
    demo.at(_at("2025-02-01"))
    tenant = await demo.tenant("Mohan Sai Publications", external_id="t_001", billing_zone="UTC")
    await demo.price(tenant, "EPAPER", "page", "200000", _at("2025-02-01"))
    steps: list[tuple[str, Step]] = [
        ("2025-02-01T10:00", lambda: demo.top_up(tenant, 5_000_00)),
        ("2025-02-03T10:00", lambda: demo.top_up(tenant, 3_500_00)),
        ("2025-02-05T09:00", lambda: demo.use(tenant, "EPAPER", 10)),
        ("2025-02-07T10:00", lambda: demo.top_up(tenant, 32_000_00)),
        ("2025-02-10T09:00", lambda: demo.use(tenant, "EPAPER", 8)),
        ("2025-03-01T00:00", lambda: demo.bill(date(2025, 2, 1), tenant)),
        ("2025-03-05T09:00", lambda: demo.use(tenant, "EPAPER", 12)),
        ("2025-03-20T09:00", lambda: demo.price(tenant, "EPAPER", "page", "180000", _at("2025-04-01"))),
        ("2025-04-01T00:00", lambda: demo.bill(date(2025, 3, 1), tenant)),
        ("2025-04-02T10:00", lambda: demo.top_up(tenant, 25_000_00)),
        ("2025-04-05T09:00", lambda: demo.use(tenant, "EPAPER", 15)),
        ("2025-05-01T00:00", lambda: demo.bill(date(2025, 4, 1), tenant)),
        ("2025-05-03T10:00", lambda: demo.top_up(tenant, 30_000_00)),
    ]
    for instant, step in steps:
        demo.at(_at(instant))
        await step()
    return tenant


async def play_others(demo: Demo, today: datetime) -> None:
    """One that lasts three months, one that runs short before a cheaper price begins, one that is locked."""
    zone = "Asia/Kolkata"
    this = month_of(today, zone)
    first = this
    for _ in range(4):
        first = previous_month(first)
    demo.at(month_start(first, zone))
    dairy = await demo.tenant("Godavari Dairy", external_id="t_002", billing_zone=zone)
    calls = await demo.tenant(
        "Northwind Analytics", external_id="t_003", billing_zone=zone, currency="USD", grace_days=7
    )
    press = await demo.tenant("Kaveri Press", external_id="t_004", billing_zone=zone)
    await demo.price(dairy, "EPAPER", "page", "160000", month_start(first, zone))
    await demo.price(calls, "API", "call", "0.25", month_start(first, zone))
    await demo.price(calls, "API", "call", "0.2", month_start(next_month(this), zone))
    await demo.price(press, "EPAPER", "page", "200000", month_start(first, zone))
    await _people(demo, dairy)
    await demo.top_up(dairy, 112_000_00, "NEFT 4471")
    await demo.top_up(calls, 16_400_00, "Wire 20931")
    await demo.top_up(press, 90_000_00, "UPI 88213")
    month = first
    while month < this:
        await _month(demo, month, zone, ((dairy, "EPAPER", 10), (calls, "API", 1_240_000), (press, "EPAPER", 14)))
        month = next_month(month)
    await _running(demo, this, zone, today, ((dairy, "EPAPER", 2), (calls, "API", 90_000)))


async def _month(demo: Demo, month: date, zone: str, used: tuple[tuple[Tenant, str, int], ...]) -> None:
    """A few days of usage, and the bill at its end."""
    start, end = month_start(month, zone), month_start(next_month(month), zone)
    for day, share in ((4, 2), (11, 3), (18, 3), (25, 2)):
        demo.at(start + timedelta(days=day, hours=9))
        for tenant, service, quantity in used:
            await demo.use(tenant, service, max(1, quantity * share // 10))
    demo.at(end + EVERYWHERE)
    await demo.bill(month)


async def _running(
    demo: Demo, month: date, zone: str, today: datetime, used: tuple[tuple[Tenant, str, int], ...]
) -> None:
    """This month, up to today."""
    for day in range(2, 31, 4):
        instant = month_start(month, zone) + timedelta(days=day, hours=9)
        if instant >= today:
            break
        demo.at(instant)
        for tenant, service, quantity in used:
            await demo.use(tenant, service, quantity)
    demo.at(today)


async def watch(demo: Demo) -> None:
    """What the next server raises alerts on."""
    for name, condition, threshold in (
        ("Locked accounts", AlertCondition.LOCKED, Threshold()),
        ("Less than two months left", AlertCondition.MONTHS_REMAINING_BELOW, Threshold(months=Decimal(2))),
        ("Locks within two months", AlertCondition.LOCKS_WITHIN_DAYS, Threshold(days=60)),
        ("A price about to change", AlertCondition.PRICE_CHANGES_WITHIN_DAYS, Threshold(days=30)),
    ):
        await create_rule(demo.core, demo.viewer, NewRule(name, condition, threshold))


async def _people(demo: Demo, tenant: Tenant) -> None:
    for phone, name, role, of in (
        ("+919876543210", "Lakshmi Devi", Role.TENANT_ADMIN, tenant.id),
        ("+919876543211", "Ravi Kumar", Role.MEMBER, tenant.id),
        ("+919876543212", "Asha Menon", Role.MEMBER, None),
    ):
        await create_user(demo.core, demo.viewer, NewUser(phone, name, None, role=role, tenant_id=of))


def statement(tenant: Tenant, transactions: list[Transaction]) -> str:
    """The card's timeline, with the balance after each line."""
    lines = [f"{tenant.name}", f"{'Date':<17}{'':<10}{'What':<34}{'Amount':>16}{'Balance':>16}"]
    for t in transactions:
        what = t.description or {"LOCK": "Account locked", "UNLOCK": "Account unlocked"}[t.type]
        amount = t.amount or t.due_amount
        shown = f"{'due ' if t.due_amount else ''}{_rupees(amount)}" if amount else ""
        lines.append(f"{t.after.time:%d %b %Y %H:%M}{t.type:>8}  {what:<34}{shown:>16}{_rupees(t.after.total):>16}")
    return "\n".join(lines)


def _rupees(minor: int) -> str:
    return RUPEES.format(minor).removeprefix("INR ")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
