"""Alerts as stories: a rule fires once per crossing whoever judges; who reads of it, and how far."""

import asyncio

import asyncpg
import pytest

from domain import access, ids
from domain.access import SYSTEM, Role, viewer_of_token, viewer_of_user
from domain.refusals import Forbidden
from services import alert_queries
from services.alert_queries import AlertFilter
from services.deletion import delete_tenant
from services.identity import new_uuid
from tests.alerting import ADMIN, LOCKED, LOW, OPEN, heard, judged, listens, new_rule, shared_world, standing
from tests.world import World, at

world = shared_world


async def test_a_crossing_fires_once_and_once_recovers_and_other_programs_hear_of_both(world: World) -> None:
    one, other = await world.tenant(currency="USD"), await world.tenant(currency="USD")
    mine, all_of_them = await listens(world, one), await listens(world, None)
    rule = await new_rule(world, LOW, "USD", minor=5_000)
    amounts = [6_000, 4_999, 4_000, 5_249, 5_250, 5_249, 100]
    changed = [await judged(world, standing(one, "USD", n), standing(other, "USD", 9_000)) for n in amounts]
    assert changed == [set(), {one}, set(), set(), {one}, set(), {one}]
    alerts = await alert_queries.list_alerts(SYSTEM, AlertFilter(tenant_id=one), 10, None)
    assert [(alert.figures.available, alert.recovered_at is None) for alert in alerts] == [(100, True), (4_999, False)]
    told = await heard(world, mine)
    assert [kind for kind, _ in told] == ["alert.fired", "alert.recovered", "alert.fired"]
    assert told == await heard(world, all_of_them)
    _, first = told[0]
    assert first["message"] == "USD 49.99 is available, less than USD 50.00."
    assert (first["ruleId"], first["tenantId"]) == (ids.make("alr", rule.id), ids.make("ten", one))
    assert (first["availableMinor"], first["currencyExponent"], first["recoveredAt"]) == (4_999, 2, None)
    await judged(world, standing(other, "USD", 1))
    assert len(await heard(world, mine)) == 3


async def test_of_many_that_judge_one_crossing_at_once_one_tells_of_it(world: World) -> None:
    tenants = [await world.tenant(currency="EUR") for _ in range(3)]
    endpoint = await listens(world, None)
    rule = await new_rule(world, LOW, "EUR", minor=5_000)
    for available, kind in ((1, "alert.fired"), (9_000, "alert.recovered")):
        standings = [standing(tenant, "EUR", available) for tenant in tenants]
        orders = [standings if number % 2 else standings[::-1] for number in range(6)]
        changed = await asyncio.gather(*(judged(world, *order) for order in orders))
        assert sorted(tenant for tenants_changed in changed for tenant in tenants_changed if tenant) == sorted(tenants)
        assert [told[0] for told in await heard(world, endpoint)][-3:] == [kind] * 3
    assert len(await heard(world, endpoint)) == 6
    assert await world.sql(OPEN, rule.id) == [(0,)]


async def test_the_database_refuses_a_second_firing_of_a_rule_and_a_tenant(world: World) -> None:
    tenant = await world.tenant(currency="CHF")
    rule = await new_rule(world, LOCKED, "CHF")
    await judged(world, standing(tenant, "CHF", locked=True))
    again = """INSERT INTO alerts (id, rule_id, tenant_id, condition, available, due, fired_at)
        SELECT $2, rule_id, tenant_id, condition, 0, 0, fired_at FROM alerts WHERE rule_id = $1"""
    with pytest.raises(asyncpg.UniqueViolationError):
        await world.sql(again, rule.id, new_uuid())
    with pytest.raises(asyncpg.CheckViolationError):
        await world.sql("UPDATE alert_rules SET threshold_days = 1 WHERE id = $1", rule.id)
    with pytest.raises(asyncpg.CheckViolationError):
        await world.sql("UPDATE alerts SET recovered_at = fired_at - interval '1 s' WHERE rule_id = $1", rule.id)


async def test_a_deleted_tenant_has_no_alert_that_goes_on(world: World) -> None:
    tenant = await world.tenant(currency="PLN")
    rule = await new_rule(world, LOW, "PLN", minor=50)
    await judged(world, standing(tenant, "PLN"))
    await delete_tenant(world.core, SYSTEM, tenant)
    assert await world.sql(OPEN, rule.id) == [(0,)]


async def test_a_person_has_read_what_fired_until_then_and_tenants_people_see_their_own(world: World) -> None:
    one, other = await world.tenant(currency="SGD"), await world.tenant(currency="SGD")
    user = await world.user(tenant_id=one)
    member, program = viewer_of_user(user, Role.MEMBER, one, None), viewer_of_token(new_uuid(), one, access.READ_ONLY)
    general, own = await new_rule(world, LOCKED, "SGD"), await new_rule(world, LOW, "SGD", one, minor=5)
    world.go("2025-02-02")
    await judged(world, *(standing(tenant, "SGD", locked=True) for tenant in (one, other)))
    seen = await alert_queries.list_alerts(member, AlertFilter(), 10, None)
    assert {(alert.tenant_id, alert.rule_id) for alert in seen} == {(one, general.id), (one, own.id)}
    assert await alert_queries.list_alerts(member, AlertFilter(tenant_id=other), 10, None) == []
    assert await alert_queries.list_rules(member, 10, None) == [own]
    assert not alert_queries.sees_rule(member, general)
    assert [await alert_queries.count_unread(viewer) for viewer in (member, program)] == [2, 0]
    await alert_queries.mark_read(world.core, member, at("2099-01-01"))
    assert await alert_queries.count_unread(member) == 0
    await alert_queries.mark_read(world.core, member, at("2025-01-01"))
    world.go("2025-02-03")
    await judged(world, standing(one, "SGD", 100))
    await judged(world, standing(one, "SGD", 1))
    assert await alert_queries.count_unread(member) == 1
    with pytest.raises(Forbidden, match="sign in"):
        await alert_queries.mark_read(world.core, program, at("2025-02-03"))


async def test_the_list_is_paged_by_key_and_filtered(world: World) -> None:
    tenant = await world.tenant(currency="NZD")
    await new_rule(world, LOW, "NZD", minor=100)
    for number in range(5):
        world.go(f"2025-02-1{number}")
        await judged(world, standing(tenant, "NZD", 10_000 * (number % 2)))
    pages, after = [], None
    while page := await alert_queries.list_alerts(ADMIN, AlertFilter(tenant_id=tenant), 1, after):
        pages.append(page[0])
        after = page[0].fired_at, page[0].id
    assert [f"{alert.fired_at:%d}" for alert in pages] == ["14", "12", "10"]
    for firing, expected in ((True, 1), (False, 2), (None, 3)):
        where = AlertFilter(firing, tenant)
        listed = await alert_queries.list_alerts(ADMIN, where, 10, None)
        assert (len(listed), await alert_queries.count_alerts(ADMIN, where)) == (expected, expected)


async def test_what_fires_of_a_tenant_is_found_without_reading_its_history(world: World) -> None:
    for other_way in ("seqscan", "bitmapscan", "sort"):
        await world.sql(f"SET enable_{other_way} = off")
    of_tenant = "EXPLAIN SELECT * FROM alerts a WHERE a.tenant_id = $1::uuid AND a.recovered_at IS NULL"
    try:
        plan = await world.sql(f"{of_tenant} ORDER BY a.fired_at DESC, a.id DESC LIMIT 26", new_uuid())
    finally:
        await world.sql("RESET ALL")
    lines = [line for (line,) in plan]
    assert any("Index Cond" in line and "tenant_id" in line for line in lines)
    assert not any("Filter" in line or "Sort" in line for line in lines)
