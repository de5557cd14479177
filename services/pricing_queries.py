"""Reading prices and the timelines that they make."""

from datetime import datetime
from uuid import UUID

from domain import access
from domain.access import Viewer
from domain.pricing import Price, Stretch, stretches
from services.core import Core
from services.database import now, read
from services.rows import PRICE_COLUMNS, read_price

_FIND = f"SELECT {PRICE_COLUMNS} FROM prices WHERE id = $1"
_TIMELINES = f"SELECT {PRICE_COLUMNS} FROM prices WHERE wallet_id = $1 AND ($2::text IS NULL OR service = $2)"
_SERVICES = "SELECT DISTINCT service FROM prices WHERE wallet_id = $1 LIMIT 2"
USUAL_SERVICE = "EPAPER"


async def find_price(viewer: Viewer, price_id: UUID) -> Price | None:
    """None for what is missing and for what the viewer does not see."""
    rows = await read(_FIND, price_id)
    if not rows:
        return None
    price = read_price(rows[0])
    return price if access.reads(viewer, "price:read", price.wallet_id) else None


async def load_timelines(core: Core, tenant_id: UUID, service: str | None) -> tuple[list[Stretch], datetime]:
    """Of one service or of all, oldest stretch first within each; and the instant from which they are seen."""
    rows = await read(_TIMELINES, tenant_id, service)
    return stretches(read_price(row) for row in rows), await now(core.clock)


async def usual_service(tenant_id: UUID) -> str:
    """What a price is for where none is named: the tenant's only service, else EPAPER."""
    rows = await read(_SERVICES, tenant_id)
    return rows[0]["service"] if len(rows) == 1 else USUAL_SERVICE
