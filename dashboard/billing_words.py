"""Months, runs and invoices in words: how a month stands, what a run came to, which days a line is for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dashboard.components.data_table import Badge, Detail, Row
from dashboard.counting import counted
from dashboard.currencies import Currencies
from dashboard.format import Manner, at, zone_of
from dashboard.shapes.billing import BillingMonth, BillingRun, InvoiceLine, RunAmounts, WholeInvoice

MOMENT = timedelta(microseconds=1)
FEW = 3
STATUS_BADGES: dict[str, Badge] = {
    "PENDING": {"text": "Pending", "tone": "info"},
    "PAID": {"text": "Paid", "tone": "positive"},
    "DUE": {"text": "Due", "tone": "warn"},
    "VOID": {"text": "Void", "tone": "muted"},
}
STATUSES = {status: badge["text"] for status, badge in STATUS_BADGES.items()}
FEES = {"FLAT": "Monthly fee", "MINIMUM": "Up to the monthly minimum"}


def few(sums: Sequence[str]) -> str:
    """As many of the currencies' sums as a cell has room for."""
    more = f" and {len(sums) - FEW} more" if len(sums) > FEW else ""
    return " · ".join(sums[:FEW]) + more or "Nothing"


def month_badge(month: BillingMonth) -> Badge:
    """How it stands over all tenants."""
    if month["running"]:
        return {"text": "Running", "tone": "info"}
    if not month["openTenants"]:
        return {"text": "Closed", "tone": "positive"}
    return {"text": "Partly closed" if month["closedTenants"] else "Open", "tone": "warn"}


def month_tenants(month: BillingMonth) -> str:
    """For how many it is closed, and for how many not."""
    if not month["openTenants"]:
        return f"closed for {counted(month['closedTenants'], 'tenant')}"
    if not month["closedTenants"]:
        return f"open for {counted(month['openTenants'], 'tenant')}"
    return f"closed for {month['closedTenants']:,}, open for {counted(month['openTenants'], 'tenant')}"


def month_sums(month: BillingMonth, currencies: Currencies, manner: Manner) -> list[Detail]:
    """Its invoices by currency and status; unlike currencies are never added."""
    return [
        {
            "text": f"{STATUSES[of['status']]} in {amounts['currency']}",
            "sub": counted(of["invoices"], "invoice"),
            "figure": currencies.money(of["totalMinor"], amounts["currency"], manner),
        }
        for amounts in month["amounts"]
        for of in amounts["statuses"]
        if of["invoices"]
    ]


def month_total(month: BillingMonth, currencies: Currencies, manner: Manner) -> str:
    """What was billed and not voided, each currency by itself."""
    sums = [currencies.money(of["totalMinor"], of["currency"], manner) for of in month["amounts"] if of["invoices"]]
    return few(sums)


def invoices_of(month: BillingMonth) -> str:
    """How many that are not void."""
    return counted(sum(of["invoices"] for of in month["amounts"]), "invoice")


def may_be_run(month: BillingMonth, *, is_newest: bool) -> bool:
    """Whether it is over for somebody who is not billed yet. Only the newest month runs in every zone still: another
    that runs somewhere is over elsewhere, since a newer one has begun there."""
    return bool(month["openTenants"]) and not (is_newest and month["running"])


def run_badge(run: BillingRun) -> Badge:
    """Whether it goes on, and whether somebody was left out."""
    if run["finishedAt"] is None:
        return {"text": "In progress", "tone": "info"}
    if run["failures"]["totalCount"] == 0:
        return {"text": "Finished", "tone": "positive"}
    return {"text": f"{left_out(run)} not billed", "tone": "danger"}


def left_out(run: BillingRun) -> str:
    """How many tenants it could not bill; the API counts so far."""
    failed = run["failures"]["totalCount"]
    return f"{failed:,}" if failed is not None else "Over 10,000"


def run_progress(run: BillingRun) -> str:
    """How far it is."""
    if run["finishedAt"] is None:
        return f"{run['done']:,} of {counted(run['tenants'], 'tenant')} done"
    return f"{counted(run['tenants'], 'tenant')} done"


def run_percent(run: BillingRun) -> int:
    """In whole percents; a run over nobody is done once it says so."""
    if run["finishedAt"] is not None:
        return 100
    return 100 * run["done"] // run["tenants"] if run["tenants"] else 0


def run_sums(amounts: Sequence[RunAmounts], kind: str, currencies: Currencies, manner: Manner) -> str:
    """What was billed (`billedMinor`) or collected at once (`collectedMinor`), each currency by itself."""
    sums: list[Any] = [{"currency": of["currency"], "minor": dict(of)[kind]} for of in amounts]
    return few([currencies.money(of["minor"], of["currency"], manner) for of in sums])


def amounts_row(of: RunAmounts, currencies: Currencies, manner: Manner) -> Row:
    """What a run came to in one currency."""
    return {
        "id": of["currency"],
        "cells": {
            "currency": {"text": of["currency"]},
            "billed": {"text": currencies.money(of["billedMinor"], of["currency"], manner)},
            "collected": {"text": currencies.money(of["collectedMinor"], of["currency"], manner)},
        },
    }


def billing_manner(invoice: WholeInvoice, manner: Manner) -> Manner:
    """As the viewer reads, in the tenant's billing zone: its months begin and end there."""
    return replace(manner, zone=zone_of(invoice["tenant"]["billingZone"]))


def line_name(line: InvoiceLine) -> str:
    """What it is for."""
    return f"{line['service']}: {FEES[line['kind']].lower()}" if line["kind"] in FEES else line["service"]


def period(line: InvoiceLine, manner: Manner) -> str:
    """From its first day to its last; to the minute where a price began or ended within a day."""
    since, until = manner.local(line["from"]), manner.local(line["until"])
    if since.time() != until.time() or since.hour or since.minute or since.second or since.microsecond:
        return f"{manner.moment(line['from'])} – {manner.moment(line['until'])}"
    last = manner.day((at(line["until"]) - MOMENT).isoformat())
    first = manner.date(since.date())
    return first if first == last else f"{first} – {last}"
