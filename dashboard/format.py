"""Figures as a person reads them: exact, in the viewer's grouping and time zone. No floats touch money here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUS = "\u2212"
SYMBOLS = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "AUD": "A$", "CAD": "C$", "SGD": "S$"}
TYPED = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}|\d+)?(?:\.(\d*))?", re.ASCII)
MINOR_LIMIT = 2**53 - 1
NO_ZONE = ZoneInfo("UTC")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class UnreadableError(ValueError):
    """A typed amount that is not one; the message is for the person who typed it."""


@dataclass(frozen=True)
class Currency:
    """A currency and how many decimals it has (INR 2, JPY 0, KWD 3)."""

    code: str
    exponent: int

    @property
    def sign(self) -> str:
        """What is written before an amount."""
        return SYMBOLS.get(self.code) or f"{self.code}\u00a0"


@dataclass(frozen=True)
class Manner:
    """How one viewer reads: digits grouped as lakh or thousand, days and hours in their order, times in their zone."""

    lakh: bool = False
    zone: ZoneInfo = NO_ZONE
    month_first: bool = False
    half_days: str = ""
    """What follows an hour of twelve: "am pm" or "AM PM"; empty where hours go to 24."""

    def money(self, minor: int, currency: Currency, *, signed: bool = False) -> str:
        """An amount of minor units with its currency: ₹1,23,456.00, −₹36,000.00, +₹5,000.00."""
        sign = MINUS if minor < 0 else "+" if signed and minor > 0 else ""
        return f"{sign}{currency.sign}{self.amount(abs(minor), currency.exponent)}"

    def amount(self, minor: int, exponent: int) -> str:
        """The digits of an amount, without currency or sign."""
        whole, part = divmod(minor, 10**exponent)
        decimals = f".{part:0{exponent}d}" if exponent else ""
        return self.grouped(str(whole)) + decimals

    def price(self, minor: str, currency: Currency) -> str:
        """A price, which may be finer than a minor unit: "200000" is ₹2,000.00, "0.25" is ₹0.0025."""
        major = Decimal(minor).scaleb(-currency.exponent)
        whole, _, part = f"{abs(major):f}".partition(".")
        decimals = part.rstrip("0").ljust(currency.exponent, "0")
        sign = MINUS if major < 0 else ""
        return f"{sign}{currency.sign}{self.grouped(whole)}{'.' + decimals if decimals else ''}"

    def quantity(self, number: str) -> str:
        """A counted quantity, without idle zeros: "18.000000" is 18."""
        whole, _, part = f"{abs(Decimal(number)):f}".partition(".")
        part = part.rstrip("0")
        return (MINUS if Decimal(number) < 0 else "") + self.grouped(whole) + (f".{part}" if part else "")

    def grouped(self, digits: str) -> str:
        """Digits with separators: 1,23,456 where lakhs are read, else 123,456."""
        head, tail = digits[:-3], digits[-3:]
        width = 2 if self.lakh else 3
        groups = [head[max(end - width, 0) : end] for end in range(len(head), 0, -width)]
        return ",".join([*reversed(groups), tail])

    def day(self, instant: str) -> str:
        """The day of an instant in the viewer's zone: 1 Apr 2025, or Apr 1, 2025."""
        return self.date(self.local(instant))

    def date(self, day: date) -> str:
        """A calendar day."""
        month = MONTHS[day.month - 1]
        return f"{month} {day.day}, {day.year}" if self.month_first else f"{day.day} {month} {day.year}"

    def moment(self, instant: str) -> str:
        """Day and minute of an instant in the viewer's zone: 1 Apr 2025, 5:30 am."""
        return f"{self.day(instant)}, {self.minute(instant)}"

    def minute(self, instant: str) -> str:
        """The minute of an instant in the viewer's zone: 5:30 am, or 05:30."""
        local = self.local(instant)
        if not self.half_days:
            return f"{local:%H:%M}"
        half = self.half_days.split()[local.hour // 12]
        return f"{(local.hour - 1) % 12 + 1}:{local:%M}\u00a0{half}"

    def local(self, instant: str) -> datetime:
        """An RFC 3339 instant in the viewer's zone."""
        return at(instant).astimezone(self.zone)


def at(instant: str) -> datetime:
    """An RFC 3339 instant, aware."""
    return datetime.fromisoformat(instant.replace("Z", "+00:00")).astimezone(UTC)


def month_name(month: str) -> str:
    """A billing month: "2025-03" is Mar 2025."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def manner(language: str, zone: str) -> Manner:
    """How someone reads whose browser asks for this language (a tag or an Accept-Language) in this zone."""
    first = language.split(",")[0].split(";")[0].strip().lower()
    zone_info, is_indian, is_american = zone_of(zone), first.endswith("-in"), first.endswith("-us")
    half_days = "am pm" if is_indian else "AM PM" if is_american else ""
    return Manner(lakh=is_indian, zone=zone_info, month_first=is_american, half_days=half_days)


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name, or UTC where there is none: the name comes from the browser."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return NO_ZONE


def parse_amount(text: str, currency: Currency) -> int:
    """The minor units of an amount typed in major units ("1,234.50"), exactly; UnreadableError where it is none."""
    bare = text.strip().removeprefix(currency.sign.strip()).removeprefix(currency.code).replace("\u00a0", "").strip()
    match = TYPED.fullmatch(bare)
    if not bare or match is None or bare == ".":
        raise UnreadableError("Type an amount in digits, such as 1,234.50.")
    whole, part = (match[1] or "0").replace(",", ""), match[2] or ""
    if len(part.rstrip("0")) > currency.exponent:
        raise UnreadableError(finest(currency))
    minor = int(whole + part[: currency.exponent].ljust(currency.exponent, "0"))
    if minor > MINOR_LIMIT:
        raise UnreadableError("This is more than a wallet can hold.")
    return minor


def finest(currency: Currency) -> str:
    """How finely a currency can be given."""
    if currency.exponent == 0:
        return f"{currency.code} has no decimals."
    return f"{currency.code} has {currency.exponent} decimals at most."


def runway(months: object) -> str:
    """Months remaining as the API rounded them: "3.0 months"; a dash where nothing is charged."""
    if months is None:
        return "\u2014"
    tenths = Decimal(str(months)).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return "1 month" if tenths == 1 else f"{tenths} months"


def theme_choice(cookies: Mapping[str, str]) -> bool | None:
    """True for dark, False for light, None to follow the system."""
    return {"dark": True, "light": False}.get(cookies.get("tijori_theme", ""))
