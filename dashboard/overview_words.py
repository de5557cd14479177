"""What the first page says: all wallets at a glance, what has just happened, and who locks when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypedDict

from dashboard.format import Manner, at, month_name
from dashboard.lines import actor_name
from dashboard.operation_words import kind_words
from dashboard.shapes.overview import NewLine, NewOperation, Overview, currency_of
from dashboard.shapes.wallets import currency_of as currency_of_wallet

SOON_DAYS = 7
NUMBERED = 2


class Owner(TypedDict):
    """Whose wallet it was, and the way there."""

    name: str
    href: str


class Happening(TypedDict):
    """An operation as the feed shows it."""

    id: str
    href: str
    title: str
    figure: str
    tone: Literal["positive", "danger", "warn", "muted", "strong"]
    owners: list[Owner]
    arrow: bool
    note: str
    when: str
    badges: list[dict[str, str]]


def charge_note(overview: Overview, manner: Manner) -> str:
    """The month so far against all of the month before: "so far, 34% of Oct 2026 (₹36,000.00)"."""
    last = Decimal(overview["chargeLastMonthMinor"])
    before = month_name(month_before(overview["month"]))
    if not last:
        return f"so far; nothing in {before}"
    money = manner.money(minor_of(overview["chargeLastMonthMinor"]), currency_of(overview))
    return f"so far, {percent(overview)}% of {before} ({money})"


def percent(overview: Overview) -> int:
    """How much of last month's charge has come together this month; 0 where there was none."""
    this, last = minor_of(overview["chargeThisMonthMinor"]), minor_of(overview["chargeLastMonthMinor"])
    return max(this, 0) * 100 // last if last > 0 else 0


def minor_of(number: str) -> int:
    """A sum in whole minor units, half away from zero: usage not billed yet may come to a part of one."""
    exact = Decimal(number)
    whole = int(exact)
    return whole + (1 if exact > 0 else -1) * (abs(exact - whole) >= Decimal("0.5"))


def month_before(month: str) -> str:
    """ "2025-01" is preceded by "2024-12"."""
    year, number = map(int, month.split("-"))
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def happening(operation: NewOperation, names: Mapping[str, str], manner: Manner) -> Happening:
    """What was done to whose wallet, how much it moved, why and by whom."""
    lines = operation["transactions"]
    figure, tone = moved(lines, manner)
    owners = {line["wallet"]["id"]: line["wallet"]["owner"]["name"] for line in lines}
    actor = actor_name(operation["actor"], names)
    return {
        "id": operation["id"],
        "href": f"/operation/{operation['id']}",
        "title": kind_words(operation["kind"]),
        "figure": figure,
        "tone": tone,
        "owners": [{"name": name, "href": f"/wallet/{wallet_id}"} for wallet_id, name in owners.items()],
        "arrow": operation["kind"] == "transfer",
        "note": " · ".join(part for part in (about(lines), actor) if part),
        "when": manner.moment(operation["createdAt"]),
        "badges": badges(lines),
    }


def moved(
    lines: Sequence[NewLine], manner: Manner
) -> tuple[str, Literal["positive", "danger", "warn", "muted", "strong"]]:
    """How much its first line moved, and of what: of a transfer simply how much."""
    if not lines:
        return "", "muted"
    line, currency = lines[0], currency_of_wallet(lines[0]["wallet"])
    if len({one["wallet"]["id"] for one in lines}) > 1 and line["amountMinor"]:
        return manner.money(abs(line["amountMinor"]), currency), "strong"
    if line["amountMinor"]:
        return manner.money(line["amountMinor"], currency, signed=True), positive(line["amountMinor"])
    if line["lockedAmountMinor"]:
        words = "held" if line["lockedAmountMinor"] > 0 else "released"
        return f"{manner.money(abs(line['lockedAmountMinor']), currency)} {words}", "strong"
    if line["dueAmountMinor"]:
        words = "due" if line["dueAmountMinor"] > 0 else "no longer due"
        return f"{manner.money(abs(line['dueAmountMinor']), currency)} {words}", "warn"
    return "", "muted"


def positive(minor: int) -> Literal["positive", "strong"]:
    """What comes in is green."""
    return "positive" if minor > 0 else "strong"


def about(lines: Sequence[NewLine]) -> str:
    """The invoices that it is about, else what somebody wrote to it."""
    numbers = list(dict.fromkeys(line["invoice"]["number"] for line in lines if line["invoice"]))
    if not numbers:
        return next((line["description"] for line in lines if line["description"]), "")
    more = len(numbers) - NUMBERED
    named = ", ".join(numbers[:NUMBERED]) + (f" and {more} more" if more > 0 else "")
    return f"Invoice {named}" if len(numbers) == 1 else f"Invoices {named}"


def badges(lines: Sequence[NewLine]) -> list[dict[str, str]]:
    """Whether it locked or unlocked."""
    types = {line["type"] for line in lines}
    locked = [{"text": "Locked", "tone": "danger", "icon": "lock"}] if "LOCK" in types else []
    return locked + ([{"text": "Unlocked", "tone": "positive", "icon": "unlock"}] if "UNLOCK" in types else [])


def in_days(days: int) -> str:
    """How far away a day is: today, in 12 days, 3 days ago."""
    words = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in words:
        return words[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def days_until(instant: str, now: datetime, manner: Manner) -> int:
    """How many midnights of the viewer's zone lie between."""
    return (at(instant).astimezone(manner.zone).date() - now.astimezone(manner.zone).date()).days
