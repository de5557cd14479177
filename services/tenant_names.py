"""Tenants by what their clients call them: an id of ours, or an externalId of theirs."""

from collections.abc import Collection
from uuid import UUID

from domain import access, ids, inputs
from domain.access import Viewer
from domain.refusals import NotFound
from services.database import read

_NO_SUCH = "There is no such tenant."
_EXTERNAL = "SELECT id, external_id FROM tenants WHERE external_id = ANY($1::text[])"
_ZONE = "SELECT billing_zone FROM tenants WHERE id = $1"


async def tenants_named(viewer: Viewer, names: Collection[str]) -> dict[str, UUID]:
    """Whom each name stands for. An id is only read: whether anything has it shows where it is used.

    Raises NotFound for an externalId that names nothing, or nothing that the viewer sees.
    """
    found = {name: ids.read("ten", name) for name in names}
    external = [inputs.text("tenantId", name, inputs.LONGEST_KEY) for name, tenant_id in found.items() if not tenant_id]
    for row in await read(_EXTERNAL, external) if external else ():
        if access.sees(viewer, row["id"]):
            found[row["external_id"]] = row["id"]
    known = {name: tenant_id for name, tenant_id in found.items() if tenant_id}
    if len(known) < len(found):
        raise NotFound(_NO_SUCH)
    return known


async def billing_zone(viewer: Viewer, tenant_id: UUID) -> str:
    """In which its dates begin. Raises NotFound."""
    rows = await read(_ZONE, tenant_id) if access.sees(viewer, tenant_id) else ()
    if not rows:
        raise NotFound(_NO_SUCH)
    zone: str = rows[0]["billing_zone"]
    return zone
