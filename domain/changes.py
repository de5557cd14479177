"""What has changed, by kind and by whose it is: never what it is now. Whoever shows things of that kind asks again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from domain import access, ids

if TYPE_CHECKING:
    from domain.access import Viewer


class ChangeKind(StrEnum):
    """What screens show. How wallets change has streams of its own."""

    TENANTS = "TENANTS"
    USERS = "USERS"
    PRICES = "PRICES"
    USAGE = "USAGE"
    INVOICES = "INVOICES"
    BILLING = "BILLING"
    ACCESS = "ACCESS"
    AUDIT = "AUDIT"
    FORECASTS = "FORECASTS"
    ALERTS = "ALERTS"
    WEBHOOKS = "WEBHOOKS"


@dataclass(frozen=True, slots=True)
class Change:
    """Something of this kind has been made, changed or deleted."""

    kind: ChangeKind
    whose: UUID | None
    """The tenant's or, where there is none, the user's; None: nobody's in particular, or several tenants'."""


_KINDS = {
    "ten": (ChangeKind.TENANTS, ChangeKind.ACCESS),
    "usr": (ChangeKind.USERS,),
    "wal": (ChangeKind.USERS,),
    "prc": (ChangeKind.PRICES, ChangeKind.USAGE),
    "run": (ChangeKind.BILLING,),
    "tok": (ChangeKind.ACCESS,),
    "ses": (ChangeKind.ACCESS,),
    "alr": (ChangeKind.ALERTS,),
    "whe": (ChangeKind.WEBHOOKS,),
    "whd": (ChangeKind.WEBHOOKS,),
}
"""By the prefix of an audited subject's id. With a tenant its tokens are suspended; by a price the usage of its
time is charged; `wal` is a wallet made for a user who had none."""

OWN = (ChangeKind.USERS, ChangeKind.ACCESS)
"""Whoever one is, one sees one's own account and sessions."""

_READ_BY = {
    ChangeKind.TENANTS: "tenant:read",
    ChangeKind.USERS: "user:read",
    ChangeKind.PRICES: "price:read",
    ChangeKind.USAGE: "usage:read",
    ChangeKind.INVOICES: "invoice:read",
    ChangeKind.FORECASTS: "wallet:read",
    ChangeKind.ALERTS: "alert:read",
}


def audited(subject_id: str, whose: UUID | None) -> list[Change]:
    """What an audited change of this thing has changed: itself, and the audit; of a user also what is their own."""
    changes = [Change(kind, whose) for kind in (*_KINDS.get(ids.kind_of(subject_id), ()), ChangeKind.AUDIT)]
    if (user_id := ids.read("usr", subject_id)) is not None:
        changes += [Change(kind, user_id) for kind in OWN]
    return changes


def may_hear(viewer: Viewer, kind: ChangeKind) -> bool:
    """Whether the viewer reads things of this kind, as far as it sees them."""
    match kind:
        case ChangeKind.AUDIT | ChangeKind.WEBHOOKS:
            return access.reads_audit(viewer)
        case ChangeKind.BILLING:
            return access.reads_runs(viewer)
        case ChangeKind.ACCESS:
            return access.sees_token(viewer, viewer.home)
        case _:
            return access.holds(viewer, _READ_BY[kind])
