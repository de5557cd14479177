"""Tenants and users, and how a tenant's invoices are numbered."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from domain import inputs
from domain.access import Role
from domain.refusals import BadInput, NotPossible

MOST_DAYS = 365
MOST_DELAY_HOURS = 720
MOST_VEHICLES = 100
LONGEST_REGISTRATION = 32
_NUMBER = re.compile(r"([A-Z]{1,4}[0-9]*)(?:-([0-9]{0,18}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organisation that is billed. Its wallet has its id."""

    id: UUID
    name: str
    code: str
    external_id: str | None
    currency: str
    billing_zone: str
    grace_days: int
    finalization_days: int
    billing_delay_hours: int
    active: bool
    created_at: datetime
    closed_at: datetime | None = None
    """When it was deleted: its history stays."""


@dataclass(frozen=True, slots=True)
class User:
    """A person. Their wallet has their id."""

    id: UUID
    phone: str
    name: str
    email: str | None
    role: Role
    tenant_id: UUID | None
    active: bool
    created_at: datetime
    closed_at: datetime | None = None
    """When they were deleted: their history stays."""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What a person drives."""

    id: UUID
    user_id: UUID
    registration: str
    name: str


class TenantChanges(TypedDict, total=False):
    """What is not given stays."""

    name: str
    billing_zone: str
    grace_days: int
    finalization_days: int
    billing_delay_hours: int
    active: bool


class UserChanges(TypedDict, total=False):
    """What is not given stays."""

    phone: str
    name: str
    email: str | None
    role: Role
    tenant_id: UUID | None
    active: bool


SIGNS_OUT = ("role", "tenant_id", "active")
"""A change of these ends the user's sessions, as a new password does."""


def check_role_fits(role: Role, tenant_id: UUID | None) -> None:
    """Who administers all tenants is of none; who administers one is of it. Raises BadInput."""
    if role is Role.TENANT_ADMIN and tenant_id is None:
        raise BadInput("A TENANT_ADMIN belongs to a tenant: give tenantId.")
    if role in (Role.SUPER_ADMIN, Role.SUPPORT) and tenant_id is not None:
        raise BadInput(f"A {role} belongs to no tenant: leave tenantId out, or send null to take them out of theirs.")


def is_administrator(user: User) -> bool:
    """One of those of whom there is always at least one."""
    return user.role is Role.SUPER_ADMIN and user.active and user.closed_at is None


def registration(text: str) -> str:
    """`KA 01 AB 1234`: what is on the plate, written one way. Raises BadInput."""
    return inputs.one_line("registration", " ".join(text.split()).upper(), LONGEST_REGISTRATION, shortest=1)


def check_room(vehicles: Sequence[Vehicle], plate: str) -> None:
    """Raises NotPossible for a plate that is there already, and beyond 100."""
    if any(vehicle.registration == plate for vehicle in vehicles):
        raise NotPossible(f"The vehicle {plate} is this user's already.")
    if len(vehicles) >= MOST_VEHICLES:
        raise NotPossible(f"A user has at most {MOST_VEHICLES} vehicles: remove one first.")


def code_stem(tenant_name: str) -> str:
    """What a tenant's invoice numbers begin with: initials, or the first letters of a single word, in A to Z."""
    plain = unicodedata.normalize("NFKD", tenant_name).encode("ascii", "ignore").decode().upper()
    words = ["".join(c for c in word if c.isalpha()) for word in plain.replace("-", " ").split()]
    words = [word for word in words if word]
    if len(words) == 1:
        return words[0][:3]
    return "".join(word[0] for word in words)[:4] or "T"


def read_invoice_number(text: str) -> tuple[str, int | None] | None:
    """`msp-7` is the seventh of MSP; a code alone, all of them. None for what no number begins with."""
    match = _NUMBER.fullmatch(text.strip().upper())
    return (match[1], int(match[2]) if match[2] else None) if match else None


def invoice_number(code: str, count: int) -> str:
    """`MSP-0007`."""
    return f"{code}-{count:04d}"
