"""The demo is the card's timeline and three tenants besides, through the same services."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest_asyncio

from domain import access
from resolvers.context import Shared
from server.demo import Demo, play_card, play_others, statement, watch
from server.opened import opened
from services.alert_queries import AlertFilter, list_alerts
from services.alert_rounds import judge_changed_rules
from services.clock import Clock
from services.forecasting import refresh
from services.people_queries import list_tenants
from services.runway import monthly_charges
from services.wallet_queries import LogFilter, list_transactions, load_wallets
from tests.api import SECRET

TODAY = datetime(2026, 11, 21, 9, tzinfo=UTC)
SHOWN = """\
01 Feb 2025 10:00  CREDIT  Top-up                                    5,000.00        5,000.00
03 Feb 2025 10:00  CREDIT  Top-up                                    3,500.00        8,500.00
07 Feb 2025 10:00  CREDIT  Top-up                                   32,000.00       40,500.00
01 Mar 2025 00:00   DEBIT  Monthly charge 2025-02                  -36,000.00        4,500.00
01 Apr 2025 00:00     DUE  Monthly charge 2025-03               due 24,000.00        4,500.00
01 Apr 2025 00:00    LOCK  Account locked                                            4,500.00
02 Apr 2025 10:00  CREDIT  Top-up                                   25,000.00       29,500.00
02 Apr 2025 10:00   DEBIT  Monthly charge 2025-03                  -24,000.00        5,500.00
02 Apr 2025 10:00     DUE  Monthly charge 2025-03              due -24,000.00        5,500.00
02 Apr 2025 10:00  UNLOCK  Account unlocked                                          5,500.00
01 May 2025 00:00     DUE  Monthly charge 2025-04               due 27,000.00        5,500.00
01 May 2025 00:00    LOCK  Account locked                                            5,500.00
03 May 2025 10:00  CREDIT  Top-up                                   30,000.00       35,500.00
03 May 2025 10:00   DEBIT  Monthly charge 2025-04                  -27,000.00        8,500.00
03 May 2025 10:00     DUE  Monthly charge 2025-04              due -27,000.00        8,500.00
03 May 2025 10:00  UNLOCK  Account unlocked                                          8,500.00"""


@pytest_asyncio.fixture
async def demo(database_url: str) -> AsyncIterator[Shared]:
    async with opened(database_url, SECRET, Clock(datetime(2025, 1, 31, tzinfo=UTC))) as shared:
        yield shared


async def test_the_demo_prints_the_cards_timeline_with_running_balances(demo: Shared) -> None:
    tenant = await play_card(Demo(demo.core, access.SYSTEM))
    log = await list_transactions(tenant.id, LogFilter(), 100, oldest_first=True)
    title, _columns, *lines = statement(tenant, log).splitlines()
    assert title == "Mohan Sai Publications"
    assert "\n".join(lines) == SHOWN


async def test_besides_one_tenant_lasts_three_months_one_runs_short_and_one_is_locked(demo: Shared) -> None:
    await play_card(Demo(demo.core, access.SYSTEM))
    await play_others(Demo(demo.core, access.SYSTEM), TODAY)
    tenants = {tenant.name: tenant.id for tenant in await list_tenants(access.SYSTEM, None, 10, None)}
    states = {i: wallet.state for i, wallet in (await load_wallets(demo.core, list(tenants.values()))).items()}
    charges = await monthly_charges(demo.core, list(tenants.values()))
    shown = {name: (states[i].available, charges[i], states[i].is_locked) for name, i in tenants.items()}
    assert shown == {
        "Godavari Dairy": (4_800_000, 1_600_000, False),
        "Northwind Analytics": (400_000, 310_000, False),
        "Kaveri Press": (1_800_000, 2_400_000, True),
        "Mohan Sai Publications": (850_000, 0, False),
    }
    assert demo.core.clock.fixed == TODAY


async def test_its_rules_tell_of_the_tenant_that_is_locked_and_of_those_that_run_short(demo: Shared) -> None:
    await play_card(Demo(demo.core, access.SYSTEM))
    await play_others(Demo(demo.core, access.SYSTEM), TODAY)
    await watch(Demo(demo.core, access.SYSTEM))
    tenants = {tenant.id: tenant.name for tenant in await list_tenants(access.SYSTEM, None, 10, None)}
    await refresh(demo.core, list(tenants))
    await judge_changed_rules(demo.core)
    alerts = await list_alerts(access.SYSTEM, AlertFilter(), 100, None)
    told = {(alert.figures.condition.value, tenants[alert.tenant_id]) for alert in alerts}
    assert {
        ("LOCKED", "Kaveri Press"),
        ("MONTHS_REMAINING_BELOW", "Kaveri Press"),
        ("MONTHS_REMAINING_BELOW", "Northwind Analytics"),
        ("LOCKS_WITHIN_DAYS", "Northwind Analytics"),
    } <= told
    assert "Godavari Dairy" not in {name for condition, name in told if condition != "PRICE_CHANGES_WITHIN_DAYS"}
