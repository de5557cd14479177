"""A rehearsal in words and figures."""

from typing import Any

from dashboard.components.data_table import Cell, Column, Row
from dashboard.format import Currency, Manner, month_name, runway
from dashboard.shapes.rehearsal import Rehearsal, RehearsedTenant

COLUMNS: list[Column] = [
    {"name": "tenant", "label": "Tenant", "wide": True},
    {"name": "difference", "label": "Difference", "align": "right"},
    {"name": "billed", "label": "Charged", "align": "right"},
    {"name": "would", "label": "At the draft", "align": "right"},
    {"name": "locked", "label": "Locked"},
    {"name": "lasts", "label": "Lasts", "align": "right"},
]


def currency_of(told: Rehearsal) -> Currency:
    """Of its amounts."""
    return Currency(told["currency"], told["currencyExponent"])


def span(months: list[Any]) -> str:
    """Which months: "Feb 2025 to Apr 2025"."""
    first, last = month_name(months[0]["month"]), month_name(months[-1]["month"])
    return first if first == last else f"{first} to {last}"


def in_one_sentence(told: Rehearsal, manner: Manner) -> str:
    """What it would have come to, and how much more or less that is."""
    currency = currency_of(told)
    if not int(told["wouldBeMinor"]) and not int(told["billedMinor"]):
        return f"{span(told['months'])} at it: nothing, as it was."
    would, billed = (manner.money(int(told[name]), currency) for name in ("wouldBeMinor", "billedMinor"))
    return f"{span(told['months'])} at it: {would} instead of {billed}, {changed(told, manner)}."


def changed(told: Rehearsal, manner: Manner) -> str:
    """How much more or less."""
    difference = int(told["differenceMinor"])
    if not difference:
        return "no difference"
    return f"{manner.money(abs(difference), currency_of(told))} {'more' if difference > 0 else 'less'}"


def figures(told: Rehearsal, manner: Manner) -> list[tuple[str, str, str]]:
    """The sums over all: what each is called, what it is, and what to know of it."""
    currency, count = currency_of(told), told["tenantCount"]
    difference, billed, would = (int(told[name]) for name in ("differenceMinor", "billedMinor", "wouldBeMinor"))
    new = told["wouldHaveLocked"] - told["locked"]
    really = f"Really {told['locked']:,}" + (f": {abs(new):,} {'more' if new > 0 else 'fewer'}" if new else "")
    return [
        ("Difference", manner.money(difference, currency, signed=True), span(told["months"])),
        ("Charged", manner.money(billed, currency), "At the prices that were in force"),
        ("At the draft", manner.money(would, currency), f"{count:,} tenant{'s' if count > 1 else ''}"),
        ("Would have locked", f"{told['wouldHaveLocked']:,}", really),
    ]


def row_of(one: RehearsedTenant, currency: Currency, manner: Manner) -> Row:
    """A tenant; its months unfold."""

    def money(minor: str | int, *, signed: bool = False) -> str:
        return manner.money(int(minor), currency, signed=signed)

    difference = int(one["differenceMinor"])
    tone = {True: "warn", False: "positive"}[difference > 0] if difference else "muted"
    return {
        "id": one["tenant"]["id"],
        "cells": {
            "tenant": {"text": one["tenant"]["name"], "sub": span(one["months"])},
            "difference": {"text": money(difference, signed=True), "tone": tone},
            "billed": {"text": money(one["billedMinor"])},
            "would": {"text": money(one["wouldBeMinor"])},
            "locked": locked(one, manner),
            "lasts": {"text": runway(one["newMonthsRemaining"]), "sub": f"Now {runway(one['monthsRemaining'])}"},
        },
        "details": [
            {
                "text": month_name(month["month"]),
                "sub": f"{manner.quantity(month['quantity'])} used",
                "figure": f"{money(month['wouldBeMinor'])} instead of {money(month['billedMinor'])}",
            }
            for month in reversed(one["months"])
        ],
    }


def locked(one: RehearsedTenant, manner: Manner) -> Cell:
    """When it would have been, and when it really was."""
    really, would = one["lockedAt"], one["wouldHaveLockedAt"]
    if would is None:
        return {"text": "No", "sub": f"Really {manner.day(really)}"} if really else {"text": "No", "tone": "muted"}
    sub = "As it really was" if really == would else f"Really {manner.day(really)}" if really else "Really not"
    return {"text": manner.day(would), "tone": "danger" if really is None else "", "sub": sub}
