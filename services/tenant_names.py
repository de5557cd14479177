"""Tenants by what their clients call them: an id of ours, or an externalId of theirs."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from domain import access, ids, inputs
from domain.access import Viewer
from domain.billing import FIRST_YEAR, LAST_YEAR, day_start
from domain.refusals import BadInput, NotFound
from services.database import read

_NO_SUCH = "There is no such tenant."
_EXTERNAL = "SELECT id, external_id FROM tenants WHERE external_id = ANY($1::text[]) AND closed_at IS NULL"
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


async def date_begins(viewer: Viewer, tenant_id: UUID, text: str) -> datetime:
    """Midnight of `2025-03-01` in the tenant's billing zone. Raises BadInput, NotFound."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"There is no day {text[:10]!r}: send one such as 2025-03-01, or an instant.") from None
    inputs.within("The year", day.year, FIRST_YEAR, LAST_YEAR)
    rows = await read(_ZONE, tenant_id) if access.sees(viewer, tenant_id) else ()
    if not rows:
        raise NotFound(_NO_SUCH)
    return day_start(day, rows[0]["billing_zone"])
