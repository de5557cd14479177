"""Whatever somebody looks for: tenants, users and invoices by names, phones, numbers and external ids, best first."""

from collections.abc import Iterable
from uuid import UUID

from domain import access, people
from domain.access import Viewer
from domain.billing import Invoice
from domain.searching import WHOLE_NUMBER, Wanted, wanted
from services import owner_names, people_queries
from services.billing_queries import load_invoices
from services.database import read
from services.owner_names import NamedOwner

Found = people.Tenant | people.User | Invoice
MOST_FOUND = 25
OF_A_CODE = 5
"""Invoices shown for a code alone."""

_OF_CODE = "SELECT id FROM tenants WHERE code = $1"
_NUMBERED = """
SELECT wallet_id, count FROM invoices
WHERE wallet_id = $1 AND starts_with(lpad(count::text, greatest(4, length(count::text)), '0'), $2)
    OR wallet_id = $1 AND starts_with(count::text, $2)
ORDER BY count::text = ltrim($2, '0') DESC, count DESC LIMIT $3
"""
_Key = tuple[UUID, int | None]
"""An owner's, or of an invoice the tenant's and its number."""


async def find(viewer: Viewer, typed: str, limit: int) -> list[Found]:
    """First what is named exactly, then names that begin so, then parts of names, of phones, and invoices of a code."""
    asked, keys = wanted(typed), dict[_Key, None]()
    if not asked.text:
        return []
    in_phones = await owner_names.having_phone(viewer, asked.digits, limit) if asked.digits else []
    keys |= _keys(one for one in in_phones if _is_whole(one, asked))
    keys |= await _numbered(viewer, asked, limit) if asked.count is not None else {}
    named = await people_queries.find_tenant(viewer, tenant_id=None, external_id=asked.text)
    keys |= {(named.id, None): None} if named else {}
    for more in (owner_names.beginning, owner_names.containing):
        if len(keys) < limit:
            keys |= _keys(await more(viewer, asked, limit))
    keys |= _keys(in_phones)
    if len(keys) < limit and asked.count is None:
        keys |= await _numbered(viewer, asked, OF_A_CODE)
    return await _load(viewer, list(keys)[:limit])


def _keys(owners: Iterable[NamedOwner]) -> dict[_Key, None]:
    return dict.fromkeys((owner.id, None) for owner in owners)


def _is_whole(owner: NamedOwner, asked: Wanted) -> bool:
    return owner.rank == 0 or (owner.rank == 1 and len(asked.digits) >= WHOLE_NUMBER)


async def _numbered(viewer: Viewer, asked: Wanted, limit: int) -> dict[_Key, None]:
    """Invoices whose numbers begin so, the very one first; of a code alone also whose it is."""
    rows = await read(_OF_CODE, asked.code) if asked.code else []
    tenants = [row["id"] for row in rows if access.reads(viewer, "invoice:read", row["id"])]
    keys: dict[_Key, None] = {}
    for tenant_id in tenants:
        keys |= {(tenant_id, None): None} if asked.count is None else {}
        for row in await read(_NUMBERED, tenant_id, asked.count or "", limit):
            keys[row["wallet_id"], row["count"]] = None
    return keys


async def _load(viewer: Viewer, keys: list[_Key]) -> list[Found]:
    """Those of them that the viewer may see."""
    owners = [uuid for uuid, count in keys if count is None]
    tenants, users = await people_queries.load_tenants(owners), await people_queries.load_users(owners)
    invoices = await load_invoices([(uuid, count) for uuid, count in keys if count is not None])
    found: list[Found] = []
    for uuid, count in keys:
        if count is not None:
            found.append(invoices[uuid, count])
        elif (tenant := tenants.get(uuid)) and access.reads(viewer, "tenant:read", uuid):
            found.append(tenant)
        elif (user := users.get(uuid)) and access.sees_user(viewer, uuid, user.tenant_id):
            found.append(user)
    return found
