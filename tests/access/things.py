"""What is asked about: two tenants and two persons of like lives, from January to the first of April 2025."""

from dataclasses import replace
from uuid import UUID

from domain import access, ids
from domain.access import Role
from domain.alerts import AlertCondition, Threshold
from domain.ledger import TransactionReason, TransactionType
from domain.standing import Standing
from services.alert_rules import NewRule, create_rule
from services.alerts import judge
from services.database import write
from services.forecasting import refresh
from services.identity import new_uuid
from services.people import create_tenant, create_user
from services.people_input import NewTenant, NewUser
from services.vehicles import add_vehicle
from services.webhook_endpoints import NewEndpoint, create_endpoint
from services.webhook_messages import send_test
from tests.api import PASSWORD
from tests.world import World

NAMES = {"Mohanlal": "ours", "Elsewhere": "theirs", "Ravikumar": "loner's", "Umadevi": "stranger's"}
"""Parts of every text that is somebody's."""
_FAILURE = "INSERT INTO billing_failures (run_id, wallet_id, message) VALUES ($1, $2, 'as a test wants it')"
_ATTEMPT = "INSERT INTO webhook_attempts VALUES ($1, 1, '2025-01-01', 500, 'as a test wants it', 7)"
_PHONES = iter(range(10_000_001, 99_999_999))

Things = dict[str, str]
"""Ids and names of one holder, by the words that documents have for them."""


async def lives(world: World) -> dict[str, Things]:
    """By side. What is foreign lives as what is own does."""
    tenants = {"own": await _tenant(world, "Mohanlal"), "foreign": await _tenant(world, "Elsewhere")}
    persons = {"own person": await _person(world, "Ravikumar"), "foreign person": await _person(world, "Umadevi")}
    ours, theirs = (UUID(hex=things["tenant"][4:]) for things in tenants.values())
    for one, other in ((ours, theirs), (theirs, ours)):
        await world.transfer(one, other, 7)
    run = await _three_months(world, ours, theirs)
    for things, tenant in zip(tenants.values(), (ours, theirs), strict=True):
        things |= await _lines(world, tenant) | {"run": run}
    for things in (tenants | persons).values():
        wallet = UUID(hex=things["wallet"][4:])
        held = await world.hold(wallet, 100)
        things["hold"] = ids.make_numbered("hld", wallet, held.transactions[0].after.version)
    await refresh(world.core, [ours, theirs])
    return tenants | persons


async def new_user(world: World, name: str, role: Role = Role.MEMBER, tenant: UUID | None = None) -> tuple[UUID, str]:
    """The id and the phone."""
    phone = f"+9198{next(_PHONES)}"
    made = await create_user(world.core, access.SYSTEM, NewUser(phone, name, PASSWORD, None, role, tenant))
    return made.id, phone


async def _money(world: World, wallet: UUID, text: str) -> Things:
    """What any wallet can have: a line of its log, its operation and key, a hold."""
    posted = await world.top_up(wallet, 10_000, f"key of {text}", text)
    held = await world.hold(wallet, 100)
    return {
        "wallet": ids.make("wal", wallet),
        "txn": ids.make_numbered("txn", wallet, 1),
        "ended": ids.make_numbered("hld", wallet, held.transactions[0].after.version),
        "opr": ids.make_operation(wallet, posted.operation.id),
        "key": f"key of {text}",
    }


async def _tenant(world: World, name: str) -> Things:
    """A tenant that has all that one can have."""
    new = NewTenant(name, external_id=f"{name} outside", grace_days=300, finalization_days=300)
    tenant = (await create_tenant(world.core, access.SYSTEM, new)).id
    things = await _money(world, tenant, name)
    await world.reverse(tenant, 1, 5)
    price = await world.price(tenant, "2025-01-01", "10")
    later = await world.price(tenant, "2026-01-01", "12")
    await world.use(tenant, "3", "2025-01-01", f"page of {name}")
    user, phone = await new_user(world, f"A reader of {name}", tenant=tenant)
    vehicle = await _vehicle(world, user)
    things |= await _watched(world, tenant)
    bare, _ = await new_user(world, f"Imported to {name}", tenant=tenant)
    await world.sql("DELETE FROM wallets WHERE id = $1", bare)
    hook = NewEndpoint(f"https://example.com/{name}", tenant_id=tenant)
    endpoint = (await create_endpoint(world.core, access.SYSTEM, hook))[0].id
    delivery = (await send_test(world.core, access.SYSTEM, endpoint)).id
    await world.sql(_ATTEMPT, delivery)
    return things | {
        "tenant": ids.make("ten", tenant),
        "external": f"{name} outside",
        "price": ids.make("prc", price.price.price.id),
        "scheduled": ids.make("prc", later.price.price.id),
        "invoice": ids.make_numbered("inv", tenant, 1),
        "event": f"page of {name}",
        "user": ids.make("usr", user),
        "phone": phone,
        "vehicle": vehicle,
        "bare": ids.make("usr", bare),
        "search": name,
        "endpoint": ids.make("whe", endpoint),
        "delivery": ids.make("whd", delivery),
    }


async def _person(world: World, name: str) -> Things:
    """Somebody without a tenant."""
    user, phone = await new_user(world, name)
    things = {"user": ids.make("usr", user), "phone": phone, "vehicle": await _vehicle(world, user), "search": name}
    return things | await _money(world, user, name)


async def _vehicle(world: World, user: UUID) -> str:
    garage = await add_vehicle(world.core, access.SYSTEM, user, f"AP 39 {next(_PHONES)}")
    assert garage.added is not None
    return ids.make("veh", garage.added.id)


async def _watched(world: World, tenant: UUID) -> Things:
    """A rule about the tenant alone, one about all like it, and what they have raised."""
    low = NewRule("Low", AlertCondition.AVAILABLE_BELOW, Threshold(minor=10**12), "INR")
    mine = (await create_rule(world.core, access.SYSTEM, replace(low, tenant_id=tenant))).rule
    await create_rule(world.core, access.SYSTEM, low)
    standing = Standing(tenant, tenant, "INR", 1, 0, False, None, None, None)
    await write(lambda connection: judge(connection, mine.created_at, [standing]))
    [(alert,)] = await world.sql("SELECT id FROM alerts WHERE rule_id = $1", mine.id)
    return {"rule": ids.make("alr", mine.id), "alert": ids.make("alt", alert)}


async def _three_months(world: World, *tenants: UUID) -> str:
    """January's invoices wait, February's are due, March is not billed yet. The id of a run."""
    world.go("2025-02-01")
    await world.bill("2025-01", *tenants)
    for tenant in tenants:
        await world.use(tenant, "2000", "2025-02-01")
    world.go("2025-03-01")
    run = (await world.bill("2025-02", *tenants)).run.id
    await world.sql(_FAILURE, run, tenants[1])
    for tenant in tenants:
        await world.use(tenant, "1", "2025-03-01")
    world.go("2025-04-01")
    return ids.make("run", run)


async def _lines(world: World, wallet: UUID) -> Things:
    """Lines of the log that lead somewhere."""
    log = await world.log(wallet)
    first = {
        "reversal": next(t for t in log if t.reason is TransactionReason.REVERSAL),
        "charge": next(t for t in log if t.invoice),
        "holding": next(t for t in log if t.reason is TransactionReason.HOLD),
        "sent": next(t for t in log if t.reason is TransactionReason.TRANSFER and t.type is TransactionType.DEBIT),
        "received": next(t for t in log if t.reason is TransactionReason.TRANSFER and t.type is TransactionType.CREDIT),
    }
    held = next(t for t in log if t.type is TransactionType.HOLD and t.invoice)
    things = {word: ids.make_numbered("txn", wallet, line.after.version) for word, line in first.items()}
    return things | {"held": ids.make_numbered("hld", wallet, held.after.version)}


def missing(like: Things) -> Things:
    """Of the same shape, and naming nothing."""
    fresh = {part: new_uuid().hex for thing in like.values() for part in thing.split("_") if len(part) == 32}
    things = {word: "_".join(fresh.get(part, part) for part in thing.split("_")) for word, thing in like.items()}
    words = {"phone": f"+9198{next(_PHONES)}", "key": "key of nobody", "external": "nobody outside"}
    words["event"] = "page of nobody"
    return things | {word: text for word, text in words.items() if word in like} | {"search": "nobody at all"}


def absent(things: Things) -> Things:
    """Of a holder that is there, what is not: numbers that nothing has."""
    return {
        word: f"{thing.rpartition('_')[0]}_999" if thing[:4] in ("txn_", "hld_", "inv_") else thing
        for word, thing in things.items()
    } | ({"opr": f"{things['opr'].rpartition('_')[0]}_{new_uuid().hex}"} if "opr" in things else {})


def malformed(like: Things) -> Things:
    """Of no shape that an id has; what is not an id stays as it is."""
    return {word: f"{thing[:4]}nonsense" if thing[3:4] == "_" else thing for word, thing in like.items()}
