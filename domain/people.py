"""Tenants and users, and how a tenant's invoices are numbered."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.access import Role

MOST_DAYS = 365
MOST_DELAY_HOURS = 720


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


def code_stem(tenant_name: str) -> str:
    """What a tenant's invoice numbers begin with: initials, or the first letters of a single word, in A to Z."""
    plain = unicodedata.normalize("NFKD", tenant_name).encode("ascii", "ignore").decode().upper()
    words = ["".join(c for c in word if c.isalpha()) for word in plain.replace("-", " ").split()]
    words = [word for word in words if word]
    if len(words) == 1:
        return words[0][:3]
    return "".join(word[0] for word in words)[:4] or "T"


def invoice_number(code: str, count: int) -> str:
    """`MSP-0007`."""
    return f"{code}-{count:04d}"
