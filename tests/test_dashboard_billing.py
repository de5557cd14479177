"""Months, runs and invoices are told in the words of billing; unlike currencies are never added, nor a day misnamed."""

from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from dashboard.address import address
from dashboard.billing_words import (
    invoices_of,
    line_name,
    may_be_run,
    month_badge,
    month_sums,
    month_tenants,
    month_total,
    period,
    run_badge,
    run_percent,
    run_progress,
    run_sums,
)
from dashboard.components.invoice_actions import paid_by_it
from dashboard.components.invoice_list import Wanted
from dashboard.components.invoice_sheet import dates, due_words
from dashboard.currencies import Currencies
from dashboard.format import Currency, Manner
from dashboard.shapes.billing import BillingMonth, BillingRun, InvoiceLine, WholeInvoice

INR = Currency("INR", 2)
KNOWN = Currencies(INR=INR, KWD=Currency("KWD", 3), JPY=Currency("JPY", 0))
HERE = Manner(lakh=True)
KOCHI = Manner(zone=ZoneInfo("Asia/Kolkata"), half_days="am pm")


def month(opened: int, closed: int, *, running: bool = False, **amounts: dict[str, tuple[int, str]]) -> BillingMonth:
    """`amounts` by currency, then status: how many invoices and what they come to."""
    told = [
        {
            "currency": currency,
            "invoices": sum(number for status, (number, _) in of.items() if status != "VOID"),
            "totalMinor": str(sum(int(total) for status, (_, total) in of.items() if status != "VOID")),
            "statuses": [{"status": s, "invoices": n, "totalMinor": t} for s, (n, t) in of.items()],
        }
        for currency, of in amounts.items()
    ]
    given: Any = {"month": "2025-03", "openTenants": opened, "closedTenants": closed, "running": running}
    return cast(BillingMonth, given | {"amounts": told})


def run(done: int, tenants: int, *, finished: bool = False, failed: int | None = 0) -> BillingRun:
    given: Any = {"done": done, "tenants": tenants, "failures": {"totalCount": failed, "edges": []}}
    return cast(BillingRun, given | {"finishedAt": "2025-04-01T00:00:00Z" if finished else None})


def line(since: str, until: str, kind: str = "USAGE") -> InvoiceLine:
    given: Any = {"kind": kind, "service": "EPAPER", "from": since, "until": until}
    return cast(InvoiceLine, given)


def invoice(status: str, total: int = 2_400_000, **given: Any) -> WholeInvoice:
    plain: Any = {"status": status, "month": "2025-03", "totalMinor": total, "issuedAt": "2025-03-31T18:30:00Z"}
    none = dict.fromkeys(("finalizesAt", "paidAt", "voidedAt", "locksAt"))
    return cast(WholeInvoice, plain | none | {"amountDueMinor": total if status == "DUE" else 0} | given)


@pytest.mark.parametrize(
    ("given", "badge", "tenants"),
    [
        (month(3, 0, running=True), "Running", "open for 3 tenants"),
        (month(2, 1, running=True), "Running", "closed for 1, open for 2 tenants"),
        (month(0, 1), "Closed", "closed for 1 tenant"),
        (month(1, 0), "Open", "open for 1 tenant"),
        (month(1, 1200), "Partly closed", "closed for 1,200, open for 1 tenant"),
    ],
)
def test_a_month_says_how_it_stands(given: BillingMonth, badge: str, tenants: str) -> None:
    assert (month_badge(given)["text"], month_tenants(given)) == (badge, tenants)


@pytest.mark.parametrize(
    ("given", "is_newest", "offered"),
    [
        (month(3, 0, running=True), True, False),
        (month(3, 0, running=True), False, True),
        (month(3, 0), False, True),
        (month(0, 3), False, False),
    ],
)
def test_a_month_is_offered_to_be_run_where_it_is_over_for_somebody_not_billed_yet(
    given: BillingMonth, is_newest: bool, offered: bool
) -> None:
    assert may_be_run(given, is_newest=is_newest) is offered


def test_a_months_sums_stand_by_currency_and_status_and_leave_out_what_is_void_of_the_total() -> None:
    both = month(0, 4, INR={"PAID": (2, "12345600"), "DUE": (0, "0"), "VOID": (1, "900")}, KWD={"PENDING": (1, "1500")})
    assert month_total(both, KNOWN, HERE) == "₹1,23,456.00 · KWD\u00a01.500"
    assert invoices_of(both) == "3 invoices"
    assert [(one["text"], one["sub"], one["figure"]) for one in month_sums(both, KNOWN, HERE)] == [
        ("Paid in INR", "2 invoices", "₹1,23,456.00"),
        ("Void in INR", "1 invoice", "₹9.00"),
        ("Pending in KWD", "1 invoice", "KWD\u00a01.500"),
    ]
    assert month_total(month(1, 0), KNOWN, HERE) == "Nothing"


def test_of_many_currencies_a_cell_names_three_and_a_currency_nobody_has_any_more_is_not_guessed() -> None:
    amounts: Any = [{"currency": code, "billedMinor": "1000"} for code in ("INR", "JPY", "KWD", "XXX", "YYY")]
    assert run_sums(amounts, "billedMinor", KNOWN, HERE) == "₹10.00 · ¥1,000 · KWD\u00a01.000 and 2 more"
    assert run_sums(amounts[3:4], "billedMinor", KNOWN, HERE) == "1,000 of the smallest unit of XXX"
    assert run_sums([], "billedMinor", KNOWN, HERE) == "Nothing"


@pytest.mark.parametrize(
    ("given", "badge", "progress", "percent"),
    [
        (run(0, 0), "In progress", "0 of 0 tenants done", 0),
        (run(256, 300), "In progress", "256 of 300 tenants done", 85),
        (run(300, 300, finished=True), "Finished", "300 tenants done", 100),
        (run(0, 0, finished=True), "Finished", "0 tenants done", 100),
        (run(1, 1, finished=True, failed=1), "1 not billed", "1 tenant done", 100),
        (run(9, 9, finished=True, failed=None), "Over 10,000 not billed", "9 tenants done", 100),
    ],
)
def test_a_run_says_how_far_it_is_and_whether_somebody_was_left_out(
    given: BillingRun, badge: str, progress: str, percent: int
) -> None:
    assert (run_badge(given)["text"], run_progress(given), run_percent(given)) == (badge, progress, percent)


@pytest.mark.parametrize(
    ("manner", "since", "until", "words"),
    [
        (HERE, "2025-03-01T00:00:00Z", "2025-04-01T00:00:00Z", "1 Mar 2025 – 31 Mar 2025"),
        (KOCHI, "2025-02-28T18:30:00Z", "2025-03-31T18:30:00Z", "1 Mar 2025 – 31 Mar 2025"),
        (HERE, "2025-03-01T00:00:00Z", "2025-03-02T00:00:00Z", "1 Mar 2025"),
        (
            KOCHI,
            "2025-02-28T18:30:00Z",
            "2025-03-10T06:30:00Z",
            "1 Mar 2025, 12:00\u00a0am – 10 Mar 2025, 12:00\u00a0pm",
        ),
        (Manner(month_first=True), "2025-03-01T00:00:00Z", "2025-04-01T00:00:00Z", "Mar 1, 2025 – Mar 31, 2025"),
    ],
)
def test_a_lines_period_ends_with_its_last_day_and_is_told_to_the_minute_within_a_day(
    manner: Manner, since: str, until: str, words: str
) -> None:
    assert period(line(since, until), manner) == words


def test_a_fee_is_called_one() -> None:
    assert [line_name(line("", "", kind)) for kind in ("USAGE", "LATE", "FLAT", "MINIMUM")] == [
        "EPAPER", "EPAPER", "EPAPER: monthly fee", "EPAPER: up to the monthly minimum",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (invoice("PENDING", finalizesAt="2025-04-07T18:30:00Z"), {"Collected on": "8 Apr 2025"}),
        (invoice("PAID", paidAt="2025-04-02T00:00:00Z"), {"Paid": "2 Apr 2025"}),
        (invoice("PAID", -5, paidAt="2025-04-02T00:00:00Z"), {"Credited": "2 Apr 2025"}),
        (invoice("DUE", locksAt="2025-03-31T18:30:00Z"), {}),
        (invoice("DUE", locksAt="2025-04-03T18:30:00Z"), {"Locks": "4 Apr 2025, 12:00\u00a0am"}),
        (
            invoice("VOID", paidAt="2025-04-02T00:00:00Z", voidedAt="2025-04-03T00:00:00Z"),
            {"Paid": "2 Apr 2025", "Void since": "3 Apr 2025"},
        ),
    ],
)
def test_an_invoice_names_the_dates_that_it_has_in_its_tenants_zone(given: WholeInvoice, named: dict[str, str]) -> None:
    assert dates(given, KOCHI) == {"Month": "Mar 2025", "Issued": "1 Apr 2025", **named}


def test_what_is_due_says_when_it_locks_and_what_pays_all_of_it() -> None:
    lock: Any = {"reasons": ["INSUFFICIENT_FUNDS"], "locksAt": None, "unlockAmount": 1_950_000}
    locked = invoice("DUE", tenant={"wallet": {"lock": lock}})
    grace = invoice("DUE", tenant={"wallet": {"lock": lock | {"reasons": [], "locksAt": "2025-04-03T18:30:00Z"}}})
    assert due_words(locked, INR, HERE).startswith("₹24,000.00 is due, and the account is locked for money. ₹19,500.00")
    assert "the account locks on 4 Apr 2025, 12:00\u00a0am" in due_words(grace, INR, KOCHI)


@pytest.mark.parametrize(("status", "before", "after", "paid"), [("DUE", 500, 0, 200), ("PENDING", 300, 0, 300)])
def test_what_a_void_invoice_sets_free_pays_other_dues(status: str, before: int, after: int, paid: int) -> None:
    result = {"wallet": {"lock": {"amountDue": before}}, "after": {"lock": {"amountDue": after}}}
    assert paid_by_it(invoice(status, 300), result) == paid


def test_what_the_address_asks_for_is_kept_and_what_no_filter_takes_is_not() -> None:
    asked = Wanted("pending", "2025-03", "MSP", "ten_1")
    here = "/billing?tab=invoices&status=pending&month=2025-03&search=MSP&tenant=ten_1"
    assert address("/billing", {"tab": "invoices", **asked.asked()}) == here
    assert asked.filter == {"status": "PENDING", "month": "2025-03", "search": "MSP", "tenantId": "ten_1"}
    assert Wanted("lost", "2025-13").filter == dict.fromkeys(("status", "month", "search", "tenantId"))
