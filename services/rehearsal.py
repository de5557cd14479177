"""Stories of rehearsals: a draft price against what was really used, in one moment of the store. Nothing is written."""

import heapq
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain import access, inputs
from domain.access import Viewer
from domain.money import Currency
from domain.price_terms import check_terms
from domain.pricing import Price, PriceModel, Tier
from domain.refusals import BadInput, NotFound
from domain.rehearsal import MOST_MONTHS, Rehearsed
from services.core import Core
from services.database import Connection, now, pooled_snapshot
from services.people_input import iso_currency
from services.rehearsal_rows import Question, load
from services.runway import monthly_charges

GROUP = 100
"""Tenants that are loaded and worked out together: others are answered in between."""
MOST_TENANTS = 20_000
"""In one rehearsal, named or not."""
MOST_NAMED = 1_000
READS = ("price:read", "usage:read", "invoice:read", "wallet:read")
"""What a rehearsal tells of every tenant in it."""

Place = tuple[int, UUID]

_WITH_THE_SERVICE = """
SELECT t.id FROM tenants t WHERE t.closed_at IS NULL AND t.currency = $1
    AND EXISTS (SELECT 1 FROM prices p WHERE p.wallet_id = t.id AND p.service = $2) ORDER BY t.id LIMIT $3
"""
_NAMED = "SELECT id, currency FROM tenants WHERE closed_at IS NULL AND id = ANY($1::uuid[]) ORDER BY id"


@dataclass(frozen=True, slots=True)
class DraftPrice:
    """As asked for: the terms of a price, whose they would be (None: all of that currency who have the service), and
    against how many closed months."""

    service: str
    model: PriceModel
    months: int
    currency: str | None = None
    tenant_ids: Sequence[UUID] | None = None
    unit_price: Decimal | None = None
    flat: int | None = None
    package_size: Decimal | None = None
    tiers: tuple[Tier, ...] | None = None
    minimum: int = 0


@dataclass(slots=True)
class MonthSum:
    """A month over all the tenants that had closed it: exact, in minor units."""

    tenants: int = 0
    billed: int = 0
    would_be: int = 0


@dataclass(slots=True)
class Rehearsal:
    """What the draft would have come to: sums over all, and of the tenants those after a place, so many of them."""

    currency: Currency
    months: dict[date, MonthSum] = field(default_factory=dict)
    tenants: int = 0
    locked: int = 0
    would_have_locked: int = 0
    page: list[Rehearsed] = field(default_factory=list)

    @property
    def billed(self) -> int:
        """All tenants, all months."""
        return sum(month.billed for month in self.months.values())

    @property
    def would_be(self) -> int:
        """All tenants, all months."""
        return sum(month.would_be for month in self.months.values())

    def add(self, some: Sequence[Rehearsed], after: Place | None, limit: int) -> None:
        """Some tenants more."""
        for one in some:
            self.tenants += 1
            self.locked += one.locked_at is not None
            self.would_have_locked += one.would_have_locked_at is not None
            for month in one.months:
                total = self.months.setdefault(month.month, MonthSum())
                total.tenants += 1
                total.billed += month.billed
                total.would_be += month.would_be
        beyond = [one for one in some if after is None or one.place > after]
        self.page = heapq.nsmallest(limit, [*self.page, *beyond], key=lambda one: one.place)


async def rehearse_price(core: Core, viewer: Viewer, asked: DraftPrice, limit: int, after: Place | None) -> Rehearsal:
    """Every tenant's own last closed months at the draft; the biggest difference first.

    Raises Forbidden, BadInput, NotFound (a tenant), Unavailable (too many rehearse at once).
    """
    for permission in READS:
        access.require_everywhere(viewer, permission)
    service = _checked(asked)
    instant = await now(core.clock)
    async with _turn(core, asked), pooled_snapshot() as connection:
        currency, tenant_ids = await _whose(connection, asked, service)
        told = Rehearsal(currency)
        question = Question(service, _draft(asked, service, instant), asked.months, instant)
        for group in _groups(tenant_ids):
            told.add(await load(connection, question, group), after, limit)
    return replace(told, months=dict(sorted(told.months.items())), page=await _projected(core, told.page))


async def _projected(core: Core, page: list[Rehearsed]) -> list[Rehearsed]:
    """With what the running month comes to, for those whom no closed month tells of."""
    silent = [one.tenant_id for one in page if None in one.outlook]
    running = await monthly_charges(core, silent) if silent else {}
    return [replace(one, outlook=one.outlook.projected(running.get(one.tenant_id, 0))) for one in page]


def _turn(core: Core, asked: DraftPrice) -> AbstractAsyncContextManager[None]:
    """One over many tenants at a time: each holds a connection for seconds."""
    is_small = asked.tenant_ids is not None and len(asked.tenant_ids) <= GROUP
    return nullcontext() if is_small else core.rehearsals.entered()


def _checked(asked: DraftPrice) -> str:
    """The service's name, as prices have it."""
    check_terms(asked.model, asked.unit_price, asked.flat, asked.package_size, asked.tiers, asked.minimum)
    inputs.within("months", asked.months, 1, MOST_MONTHS)
    if asked.tenant_ids is not None:
        inputs.within("The number of tenantIds", len(set(asked.tenant_ids)), 1, MOST_NAMED)
    elif asked.currency is None:
        raise BadInput("Over all tenants, say in which currency the draft is: unlike currencies are never added.")
    return inputs.text("service", asked.service.strip(), 64, shortest=1)


async def _whose(connection: Connection, asked: DraftPrice, service: str) -> tuple[Currency, list[UUID]]:
    if asked.tenant_ids is not None:
        return await _named(connection, sorted(set(asked.tenant_ids)), asked.currency)
    currency = iso_currency(asked.currency or "")
    rows = await connection.fetch(_WITH_THE_SERVICE, currency.code, service, MOST_TENANTS + 1)
    if len(rows) > MOST_TENANTS:
        raise BadInput(f"More than {MOST_TENANTS:,} tenants have {service}: name up to {MOST_NAMED:,} in tenantIds.")
    return currency, [row["id"] for row in rows]


async def _named(connection: Connection, wanted: list[UUID], code: str | None) -> tuple[Currency, list[UUID]]:
    rows = await connection.fetch(_NAMED, wanted)
    if len(rows) < len(wanted):
        raise NotFound("There is no such tenant.")
    codes = {row["currency"] for row in rows} | ({iso_currency(code).code} if code is not None else set())
    if len(codes) > 1:
        raise BadInput(f"Name tenants of one currency: {' and '.join(sorted(codes))} are never added.")
    return iso_currency(codes.pop()), wanted


def _groups(tenant_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (tenant_ids[start : start + GROUP] for start in range(0, len(tenant_ids), GROUP))


def _draft(asked: DraftPrice, service: str, instant: datetime) -> Price:
    """Of no tenant: it is never stored."""
    nobody = UUID(int=0)
    return Price(
        nobody,
        nobody,
        service,
        "",
        asked.model,
        asked.unit_price,
        instant,
        instant,
        asked.flat,
        asked.package_size,
        asked.tiers or (),
        asked.minimum,
    )
