"""Forecasts: when a wallet's money runs out, with all the arithmetic; and whose runs out soonest."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import strawberry

from domain import forecast
from domain.billing import Line, month_text
from schema.context import Info
from schema.enums import LineKind
from schema.links import TenantLink, WalletLink
from schema.scalars import Minor, Month


@strawberry.type
class ForecastLine:
    """A line that the month's bill will have: recorded usage, and the mean for what is still to come."""

    kind: LineKind
    service: str
    month: Month = strawberry.field(description="The month that it is for: an earlier one than the bill's where late.")
    quantity: Decimal
    used_quantity: Decimal | None = strawberry.field(
        description="Of the quantity, what has been recorded already; null for fees and minimums."
    )
    unit_price_minor: Decimal | None
    since: datetime = strawberry.field(
        name="from", description="The stretch of the month that will be billed at this price."
    )
    until: datetime
    amount_minor: Minor

    @classmethod
    def of(cls, line: Line, used: Mapping[UUID, Decimal]) -> "ForecastLine":
        """A line, as the API shows it."""
        recorded: dict[LineKind, Decimal] = {
            LineKind.USAGE: used.get(line.price_id, Decimal(0)),
            LineKind.LATE: line.quantity,
        }
        return cls(
            kind=line.kind,
            service=line.service,
            month=line.month,
            quantity=line.quantity,
            used_quantity=recorded.get(line.kind),
            unit_price_minor=line.unit_price,
            since=line.start,
            until=line.end,
            amount_minor=line.amount,
        )


@strawberry.type
class ForecastMonth:
    """closingMinor = openingMinor − chargeMinor; the next month opens with it."""

    month: Month
    lines: list[ForecastLine]
    charge_minor: Minor = strawberry.field(description="The sum of the lines.")
    opening_minor: Minor
    closing_minor: Minor = strawberry.field(description="Below zero: what is short by then, if nothing is paid in.")
    billed_at: datetime = strawberry.field(description="When the server bills it by itself.")
    covered: bool
    locks_at: datetime | None = strawberry.field(
        description="Where it is not covered: when its bill locks the wallet, its grace over."
    )

    @classmethod
    def of(cls, month: forecast.ForecastMonth) -> "ForecastMonth":
        """A month, as the API shows it."""
        used = dict(month.used)
        return cls(
            month=month.bill.month,
            lines=[ForecastLine.of(line, used) for line in month.bill.lines],
            charge_minor=month.charge,
            opening_minor=month.opening,
            closing_minor=month.closing,
            billed_at=month.billed_at,
            covered=month.locks_at is None,
            locks_at=month.locks_at,
        )


@strawberry.type
class ForecastUsage:
    """What a service's coming usage is projected from."""

    service: str
    unit: str
    since: datetime = strawberry.field(name="from")
    until: datetime
    quantity: Decimal = strawberry.field(description="All that was used between the two.")
    daily_quantity: Decimal = strawberry.field(description="The mean of 24 hours, to 6 decimals.")

    @classmethod
    def of(cls, basis: forecast.Basis) -> "ForecastUsage":
        """A basis, as the API shows it."""
        return cls(
            service=basis.service,
            unit=basis.unit,
            since=basis.since,
            until=basis.until,
            quantity=basis.quantity,
            daily_quantity=basis.daily,
        )


@strawberry.type
class Forecast:
    """When the wallet locks for money, if nothing is paid in and usage goes on as it was."""

    time: datetime = strawberry.field(description="The instant that it is of.")
    available_minor: Minor = strawberry.field(
        description="What is there to begin with: held money is promised, and counts as gone."
    )
    due_minor: Minor = strawberry.field(
        description="What is owed to begin with: the first month opens with availableMinor − dueMinor."
    )
    locks_at: datetime | None = strawberry.field(
        description="When it locks for money, or since when it has been; null where that is beyond the horizon."
    )
    horizon: datetime = strawberry.field(
        description="Locks before this instant are foreseen: the bill after the 24th month comes then."
    )
    months: list[ForecastMonth] = strawberry.field(
        description="The arithmetic: months that are over and not billed yet, then the running one and those after it."
    )
    usage: list[ForecastUsage] = strawberry.field(
        description="What each service's coming usage is projected from; one that is not here counts as recorded."
    )
    basis: str = strawberry.field(description="The same in words.")
    made: strawberry.Private[forecast.Forecast]

    @classmethod
    def of(cls, made: forecast.Forecast, shown_months: int) -> "Forecast":
        """With so many months from the running one on."""
        facts = made.facts
        first = sum(month.bill.month < facts.running for month in made.months)
        return cls(
            time=facts.now,
            available_minor=facts.available,
            due_minor=facts.due,
            locks_at=made.locks_at,
            horizon=made.until,
            months=[ForecastMonth.of(month) for month in made.months[: first + shown_months]],
            usage=[ForecastUsage.of(basis) for basis in made.bases],
            basis=basis_in_words(made),
            made=made,
        )

    @strawberry.field
    async def top_up_until(self, info: Info, date: datetime) -> Minor | None:
        """The exact top-up, paid in now, with which it does not lock before the date; a minor unit less, and it does.

        0: none is needed. Null: no wallet can hold so much. The date is to come, within 730 days.
        """
        return await info.context.edges.forecast_top_up(self, date)


def basis_in_words(made: forecast.Forecast) -> str:
    """For a person."""
    if made.since is None:
        return "There is less than a day of usage to go by: what was recorded counts, with fees and minimums."
    return (
        f"Usage goes on at its daily mean since {month_text(made.since)}, the running month included; "
        "of a service that was priced later, since then."
    )


@strawberry.type
class LockRisk:
    """A tenant that is locked for money, or is projected to be."""

    locks_at: datetime = strawberry.field(description="Or since when it has been locked.")
    charge_this_month_minor: Minor = strawberry.field(description="What the running month is projected to cost.")
    months_remaining: float | None = strawberry.field(description="As the wallet's.")
    top_up_minor: Minor | None = strawberry.field(
        description="The exact top-up that carries it to the date asked for; null where no wallet can hold so much."
    )
    tenant_id: strawberry.Private[strawberry.ID]
    wallet_id: strawberry.Private[strawberry.ID]

    @strawberry.field
    async def tenant(self, info: Info) -> TenantLink:
        """Whose money runs out."""
        return await info.context.edges.tenant(self.tenant_id)

    @strawberry.field
    async def wallet(self, info: Info) -> WalletLink:
        """Where it is to be paid in."""
        return await info.context.edges.wallet(self.wallet_id)
