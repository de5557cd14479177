"""Tenants by what their clients call them: an id of ours, or an externalId of theirs."""

from collections.abc import Collection
from uuid import UUID

from domain import access, ids, inputs
from domain.access import Viewer
from domain.refusals import NotFound
from services.database import read

_EXTERNAL = "SELECT id, external_id FROM tenants WHERE external_id = ANY($1::text[]) AND closed_at IS NULL"


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
        raise NotFound("There is no such tenant.")
    return known
