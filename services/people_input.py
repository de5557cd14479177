"""What is asked for of people, checked: phones, currencies, zones, names, and all of a tenant or a user."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from iso4217 import Currency as Iso4217

from domain import inputs
from domain.access import Role
from domain.money import Currency
from domain.people import MOST_DAYS, MOST_DELAY_HOURS, TenantChanges, UserChanges, check_role_fits
from domain.refusals import BadInput

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_AS_WRITTEN = re.compile(r" *\+[\d .()\-\u00a0\u2010-\u2013]{1,40}")  # phonenumbers reads letters and extensions too
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class NewTenant:
    """As asked for."""

    name: str
    external_id: str | None = None
    currency: str = "INR"
    billing_zone: str = "UTC"
    grace_days: int = 0
    finalization_days: int = 0
    billing_delay_hours: int = 1


@dataclass(frozen=True, slots=True)
class NewUser:
    """As asked for. `password` None: cannot sign in."""

    phone: str
    name: str
    password: str | None
    email: str | None = None
    role: Role = Role.MEMBER
    tenant_id: UUID | None = None
    currency: str = "INR"


def checked_tenant(asked: NewTenant) -> NewTenant:
    """Raises BadInput."""
    return NewTenant(
        name=inputs.name("name", asked.name),
        external_id=_optional("externalId", asked.external_id, 1, inputs.LONGEST_KEY),
        currency=iso_currency(asked.currency).code,
        billing_zone=_zone(asked.billing_zone),
        grace_days=_days("graceDays", asked.grace_days),
        finalization_days=_days("finalizationDays", asked.finalization_days),
        billing_delay_hours=_hours(asked.billing_delay_hours),
    )


def checked_user(asked: NewUser) -> NewUser:
    """Raises BadInput. The password is checked where it is hashed."""
    check_role_fits(asked.role, asked.tenant_id)
    phone, name, currency = e164(asked.phone), inputs.name("name", asked.name), iso_currency(asked.currency).code
    return replace(asked, phone=phone, name=name, email=_email(asked.email), currency=currency)


def checked_tenant_changes(asked: TenantChanges) -> TenantChanges:
    """Raises BadInput."""
    checked = asked.copy()
    if "name" in asked:
        checked["name"] = inputs.name("name", asked["name"])
    if "billing_zone" in asked:
        checked["billing_zone"] = _zone(asked["billing_zone"])
    if "grace_days" in asked:
        checked["grace_days"] = _days("graceDays", asked["grace_days"])
    if "finalization_days" in asked:
        checked["finalization_days"] = _days("finalizationDays", asked["finalization_days"])
    if "billing_delay_hours" in asked:
        checked["billing_delay_hours"] = _hours(asked["billing_delay_hours"])
    return checked


def checked_user_changes(asked: UserChanges) -> UserChanges:
    """Raises BadInput."""
    checked = asked.copy()
    if "phone" in asked:
        checked["phone"] = e164(asked["phone"])
    if "name" in asked:
        checked["name"] = inputs.name("name", asked["name"])
    if "email" in asked:
        checked["email"] = _email(asked["email"])
    return checked


def iso_currency(code: str) -> Currency:
    """With its exponent by ISO 4217, which a wallet keeps from then on. Raises BadInput."""
    try:
        found = Iso4217(code)
    except ValueError:
        found = None
    if found is None or found.exponent is None:
        raise BadInput(f"{code[:8]!r} is not a currency with minor units (ISO 4217): send INR, USD, JPY, KWD …")
    return Currency(code, found.exponent)


def e164(phone: str) -> str:
    """`+919876543210`. Raises BadInput."""
    text = ""
    if _AS_WRITTEN.fullmatch(phone):
        with suppress(phonenumbers.NumberParseException):
            number = phonenumbers.parse(phone, None)
            if phonenumbers.is_possible_number(number):
                text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not _E164.fullmatch(text):  # within their city some countries dial fewer digits than any of the world
        raise BadInput("phone takes an international number with its country code, such as +919876543210.")
    return text


def _email(text: str | None) -> str | None:
    email = _optional("email", text, 3, 254)
    if email is not None and not _EMAIL.fullmatch(email):
        raise BadInput("email takes one address, such as asha@example.com.")
    return email


def _zone(key: str) -> str:
    try:
        ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(f"{key[:64]!r} is not an IANA time zone: send one such as Asia/Kolkata.") from None
    return key


def _optional(field: str, value: str | None, shortest: int, longest: int) -> str | None:
    return None if value is None else inputs.one_line(field, value, longest, shortest=shortest)


def _days(field: str, days: int) -> int:
    return inputs.within(field, days, 0, MOST_DAYS)


def _hours(hours: int) -> int:
    return inputs.within("billingDelayHours", hours, 0, MOST_DELAY_HOURS)
