"""Wallets by what is written for them in a list: a wallet's or owner's id, a person's phone, a tenant's external id."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from domain import access, ids
from domain.access import Viewer
from domain.refusals import BadInput
from services.database import Row, read
from services.people_input import e164

_SAME_AS_A_WALLETS = ("wal", "ten", "usr")
"""A wallet and its owner share one UUID."""
_OWNERS = """
SELECT phone AS name, id, tenant_id, false AS of_tenant FROM users WHERE phone = ANY($1::text[]) AND closed_at IS NULL
UNION ALL
SELECT external_id, id, id, true FROM tenants WHERE external_id = ANY($2::text[]) AND closed_at IS NULL
"""


async def find_wallet_ids(viewer: Viewer, references: Sequence[str]) -> list[UUID | None]:
    """In their order; None for what names nothing that the viewer sees, and for what names two of them.

    A phone is found in any writing, also where a spreadsheet has taken its plus away.
    """
    plain = [reference.strip() for reference in references]
    phones = {reference: phone for reference in plain if (phone := _phone(reference))}
    rows = await read(_OWNERS, list(set(phones.values())), list(set(plain)))
    seen = [row for row in rows if _sees(viewer, row)]
    people = {row["name"]: row["id"] for row in seen if not row["of_tenant"]}
    tenants = {row["name"]: row["id"] for row in seen if row["of_tenant"]}

    def of(reference: str) -> UUID | None:
        named = {by_id(reference), people.get(phones.get(reference)), tenants.get(reference)} - {None}
        wallet_id = named.pop() if len(named) == 1 else None
        return wallet_id if wallet_id and access.reads(viewer, "wallet:read", wallet_id) else None

    return [of(reference) for reference in plain]


def by_id(reference: str) -> UUID | None:
    """The wallet that an id of it or of its owner names, whether there is one or not."""
    found = (ids.read(kind, reference) for kind in _SAME_AS_A_WALLETS)  # type: ignore[arg-type]  # the kinds above
    return next((uuid for uuid in found if uuid), None)


def _phone(reference: str) -> str | None:
    with suppress(BadInput):
        return e164(f"+{reference}" if reference.isascii() and reference.isdigit() else reference)
    return None


def _sees(viewer: Viewer, row: Row) -> bool:
    if row["of_tenant"]:
        return access.reads(viewer, "tenant:read", row["id"])
    return access.sees_user(viewer, row["id"], row["tenant_id"])
