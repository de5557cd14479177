"""What a month costs, line by line (laws 13 and 16), and how its invoice joins the queue (laws 18 and 19)."""

from datetime import datetime, timedelta
from fractions import Fraction

from tests.model import months
from tests.model.answers import MOST, not_possible
from tests.model.prices import Price, charge, in_force
from tests.model.usage import Tenant
from tests.model.wallets import Invoice, Line, Wallet


def open_months(tenant: Tenant, until: str) -> list[str]:
    """Law 18: in order, from the month in which the tenant was made, or an earlier one that was used."""
    if tenant.newest_closed:
        month = months.after(tenant.newest_closed)
    else:
        month = min({months.of(tenant.made, tenant.zone)} | used_months(tenant))
    found = []
    while month <= until:
        found.append(month)
        month = months.after(month)
    return found


def close(now: datetime, tenant: Tenant, wallet: Wallet, until: str) -> None:
    """Law 18: the month and the earlier ones that are open; one that is closed changes nothing more."""
    if months.start(months.after(until), tenant.zone) > now:
        raise not_possible()
    for month in open_months(tenant, until):
        lines = (*late_lines(tenant, wallet, month), *month_lines(tenant, month))
        if any(line.amount for line in lines):
            count, total = len(wallet.invoices) + 1, sum(line.amount for line in lines)
            if max(abs(amount) for amount in (total, *(line.amount for line in lines))) > MOST:
                raise not_possible()
            invoice = Invoice(count, month, total, lines, now)
            wallet.invoices[count] = invoice
            issue(now, tenant, wallet, invoice)
        tenant.closed.append(month)
        tenant.revised.clear()
        for used_month in used_months(tenant):
            if used_month <= month:
                tenant.billed |= {(price, used_month): tenant.used(price, used_month) for price in tenant.prices}


def issue(now: datetime, tenant: Tenant, wallet: Wallet, invoice: Invoice) -> None:
    """Law 19. A DUE one before it blocks it; a PENDING one has its money held already."""
    blocked = bool(wallet.due_invoices)
    if invoice.total <= 0:
        invoice.status = "PAID"
        if invoice.total < 0:
            row = wallet.write(now, "CREDIT", "INVOICE", -invoice.total, invoice=invoice.count)
            invoice.paid_by = row.version
            wallet.collect(now)
    elif blocked or invoice.total > wallet.available:
        wallet.fall_due(now, invoice, now + timedelta(days=tenant.grace_days))
    elif tenant.window_days:
        invoice.status, invoice.window_ends = "PENDING", now + timedelta(days=tenant.window_days)
        invoice.hold = wallet.hold(now, invoice.total, None, invoice.count).number
    else:
        wallet.pay(now, invoice)


def month_lines(tenant: Tenant, month: str) -> list[Line]:
    """Law 13: one line for each service and stretch that was used, fees by the month, and what a minimum lacks."""
    return [line for service in services(tenant) for line in _of_service(tenant, month, service)]


def services(tenant: Tenant) -> list[str]:
    """By name."""
    return sorted({price.service for price in tenant.prices})


def _of_service(tenant: Tenant, month: str, service: str) -> list[Line]:
    lines = []
    for price in sorted((p for p in tenant.prices if p.service == service), key=lambda p: p.since):
        used = tenant.used(price, month)
        if used:
            part = tenant.part(price, month)
            lines.append(Line("USAGE", service, month, used, *part, charge(price, used), price.since))
    first = in_force(tenant.prices, service, months.start(month, tenant.zone))
    if first is None:
        return lines
    whole = months.start(month, tenant.zone), months.start(months.after(month), tenant.zone)
    if first.flat:
        lines.append(Line("FLAT", service, month, Fraction(1), *whole, first.flat, first.since))
    lack = first.minimum - sum(line.amount for line in lines)
    if lack > 0:
        lines.append(Line("MINIMUM", service, month, Fraction(1), *whole, lack, first.since))
    return lines


def late_lines(tenant: Tenant, wallet: Wallet, before: str) -> list[Line]:
    """Law 16: charge(all of that month) − charge(what was billed), for each month before, service and price.

    A fee or a minimum counts to the price in force as the month began.
    """
    lines = []
    for month in sorted(month for month in used_months(tenant) | set(tenant.closed) if month < before):
        owed = month_lines(tenant, month)
        billed = [line for line in standing_lines(wallet) if line.month == month]
        for price in sorted(tenant.prices, key=lambda price: (price.service, price.since)):
            amount = _amount(owed, price) - _amount(billed, price)
            known = _quantity(billed, price) if month in tenant.revised else tenant.billed.get((price, month), 0)
            quantity = tenant.used(price, month) - known
            if amount or quantity:
                part = tenant.part(price, month)
                lines.append(Line("LATE", price.service, month, quantity, *part, amount, price.since))
    return lines


def standing_lines(wallet: Wallet) -> list[Line]:
    """A void invoice billed nothing."""
    return [line for invoice in wallet.invoices.values() if invoice.status != "VOID" for line in invoice.lines]


def used_months(tenant: Tenant) -> set[str]:
    """In which something occurred."""
    return {months.of(at, tenant.zone) for _, at in tenant.events.values()}


def _amount(lines: list[Line], price: Price) -> int:
    return sum(line.amount for line in lines if (line.service, line.price) == (price.service, price.since))


def _quantity(lines: list[Line], price: Price) -> Fraction:
    of_usage = [line for line in lines if line.kind in ("USAGE", "LATE")]
    return sum(
        (line.quantity for line in of_usage if (line.service, line.price) == (price.service, price.since)), Fraction(0)
    )
