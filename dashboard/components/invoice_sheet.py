"""The invoice itself, as it stands on the screen and on paper."""

from collections.abc import Sequence

from dashboard.billing_words import billing_manner, line_name, period
from dashboard.components.icon import Icon
from dashboard.components.invoices import invoice_badge, quantity_and_price
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, at, month_name
from dashboard.shapes.billing import InvoiceLine, WholeInvoice
from dashboard.theme import ASSETS

COLUMNS = (("Service", ""), ("Period", ""), ("Quantity", "t-right"), ("Price", "t-right"), ("Amount", "t-right"))


def sheet(invoice: WholeInvoice, seller: str, manner: Manner) -> None:
    """Seller, tenant, number, dates, lines, total. Dates are those of the tenant's billing zone."""
    manner = billing_manner(invoice, manner)
    wallet = invoice["tenant"]["wallet"]
    currency = Currency(wallet["currency"], wallet["currencyExponent"])
    with box("t-card t-sheet", "article") as card:
        card.props["aria-label"] = f"Invoice {invoice['number']}"
        with box("t-sheet__head"):
            letterhead(seller)
            with box("t-sheet__number"):
                Text("Invoice", "t-sheet__title", tag="h2")
                Text(invoice["number"])
        with box("t-sheet__parties"):
            billed_to(invoice)
            facts(invoice, manner)
        lines(invoice["lines"], invoice["month"], currency, manner)
        totals(invoice, currency, manner)
        zone = invoice["tenant"]["billingZone"]
        Text(f"Amounts in {currency.code}. Months begin and end at midnight in {zone}.", "t-sheet__foot", tag="p")


def letterhead(seller: str) -> None:
    """Who bills: a name, and what else the operator has set, line by line."""
    name, *others = [part.strip() for part in seller.split(";") if part.strip()] or [""]
    with box("t-sheet__seller"):
        if name:
            Text(name, "t-sheet__name", tag="p")
        else:
            with box("t-brand"):
                box("t-brand__mark", "img").props(f'src={ASSETS}/mark.svg alt=""')
                Text("Tijori", "t-brand__name")
        for other in others:
            Text(other, "t-sub", tag="p")


def billed_to(invoice: WholeInvoice) -> None:
    """The tenant."""
    tenant = invoice["tenant"]
    with box("t-sheet__party"):
        Text("Billed to", "t-sheet__label", tag="p")
        Text(tenant["name"], "t-sheet__name", tag="p")
        if tenant["externalId"]:
            Text(tenant["externalId"], "t-sub", tag="p")


def facts(invoice: WholeInvoice, manner: Manner) -> None:
    """When, and how it stands."""
    with box("t-sheet__facts", "dl"):
        for label, words in dates(invoice, manner).items():
            Text(label, tag="dt")
            Text(words, tag="dd")
        Text("Status", tag="dt")
        badge = invoice_badge(invoice)
        with box("", "dd"):
            Text(badge["text"], f"t-badge t-badge--{badge['tone']}")


def dates(invoice: WholeInvoice, manner: Manner) -> dict[str, str]:
    """Those that there are, by what they are called."""
    issued, locks = invoice["issuedAt"], invoice["locksAt"]
    given = {
        "Month": month_name(invoice["month"]),
        "Issued": manner.day(issued),
        "Collected on": invoice["finalizesAt"] and manner.day(invoice["finalizesAt"]),
        "Locks": locks and at(locks) > at(issued) and manner.moment(locks),
        "Paid" if invoice["totalMinor"] >= 0 else "Credited": invoice["paidAt"] and manner.day(invoice["paidAt"]),
        "Void since": invoice["voidedAt"] and manner.day(invoice["voidedAt"]),
    }
    return {label: words for label, words in given.items() if words}


def lines(of: Sequence[InvoiceLine], month: str, currency: Currency, manner: Manner) -> None:
    """A table of its own: on narrow paper it stays one."""
    with box("t-sheet__lines", "table").props("aria-label=Lines"):
        with box("", "thead"), box("", "tr"):
            for label, align in COLUMNS:
                Text(label, align, tag="th").props("scope=col")
        with box("", "tbody"):
            for line in of:
                row(line, month, currency, manner)


def row(line: InvoiceLine, month: str, currency: Currency, manner: Manner) -> None:
    """What, when, how much at which price, and what it comes to."""
    quantity, price = quantity_and_price(line, currency, manner)
    with box("", "tr"):
        with box("t-sheet__what", "td"):
            Text(line_name(line))
            if line["kind"] == "LATE" or line["month"] != month:
                Text(f"Late, for {month_name(line['month'])}", "t-badge t-badge--info")
        Text(period(line, manner), "t-sheet__when", tag="td")
        Text(quantity, "t-right t-sheet__quantity", tag="td")
        Text(price, "t-right t-sheet__price", tag="td")
        Text(manner.money(line["amountMinor"], currency), "t-right t-sheet__amount", tag="td")


def totals(invoice: WholeInvoice, currency: Currency, manner: Manner) -> None:
    """The sum of its lines, and what of it is due."""
    is_void = invoice["status"] == "VOID"
    with box("t-sheet__totals", "dl"):
        Text("Total", "t-sheet__total", tag="dt")
        Text(
            manner.money(invoice["totalMinor"], currency),
            f"t-sheet__total {'t-tone--gone' if is_void else ''}",
            tag="dd",
        )
        Text("Due", tag="dt")
        Text(manner.money(invoice["amountDueMinor"], currency), tag="dd")


def standing(invoice: WholeInvoice, manner: Manner) -> None:
    """Above it on the screen: what is due or held, and what comes next."""
    wallet = invoice["tenant"]["wallet"]
    currency = Currency(wallet["currency"], wallet["currencyExponent"])
    if invoice["status"] == "DUE":
        callout("warn", "alert", due_words(invoice, currency, manner))
    elif invoice["status"] == "PENDING":
        ends = manner.moment(invoice["finalizesAt"] or invoice["issuedAt"])
        held = manner.money(invoice["totalMinor"], currency)
        callout("info", "calendar", f"{held} is held for it, and is collected on {ends} unless it is void by then.")
    elif invoice["status"] == "VOID":
        callout("info", "close", "It is void. What should have been billed is a line of a later invoice.")


def due_words(invoice: WholeInvoice, currency: Currency, manner: Manner) -> str:
    """How much, since or until when, and what pays it: older invoices are paid first."""
    due, lock = manner.money(invoice["amountDueMinor"], currency), invoice["tenant"]["wallet"]["lock"]
    needed = manner.money(lock["unlockAmount"], currency)
    if "INSUFFICIENT_FUNDS" in lock["reasons"]:
        when = "and the account is locked for money"
    else:
        when = f"and the account locks on {manner.moment(lock['locksAt'])}" if lock["locksAt"] else "not paid yet"
    return f"{due} is due, {when}. {needed} more pays all that is due."


def callout(tone: str, icon: str, words: str) -> None:
    """A line above the invoice."""
    with box(f"t-callout t-callout--{tone}").props("role=status"):
        Icon(icon)
        Text(words, "t-callout__words")
