"""Reading prices and the timelines that they make."""

from datetime import date, datetime
from uuid import UUID

from domain import access, inputs
from domain.access import Viewer
from domain.billing import FIRST_YEAR, LAST_YEAR, day_start
from domain.pricing import Price, Stretch, stretches
from domain.refusals import BadInput, NotFound
from services.core import Core
from services.database import now, read
from services.rows import PRICE_COLUMNS, read_price

_FIND = f"SELECT {PRICE_COLUMNS} FROM prices WHERE id = $1"
_TIMELINES = f"SELECT {PRICE_COLUMNS} FROM prices WHERE wallet_id = $1 AND ($2::text IS NULL OR service = $2)"
_SERVICES = "SELECT DISTINCT service FROM prices WHERE wallet_id = $1 LIMIT 2"
_ZONE = "SELECT billing_zone FROM tenants WHERE id = $1"
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


async def usual_service(viewer: Viewer, tenant_id: UUID) -> str:
    """What a new price is for, if it names none: the tenant's only service, or EPAPER. Raises NotFound, Forbidden."""
    access.require(viewer, "price:write", tenant_id)
    rows = await read(_SERVICES, tenant_id)
    return rows[0]["service"] if len(rows) == 1 else USUAL_SERVICE


async def date_begins(viewer: Viewer, tenant_id: UUID, text: str) -> datetime:
    """Midnight of `2025-03-01` in the tenant's billing zone. Raises BadInput, NotFound."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"There is no day {text[:10]!r}: send one such as 2025-03-01, or an instant.") from None
    inputs.within("The year", day.year, FIRST_YEAR, LAST_YEAR)
    rows = await read(_ZONE, tenant_id) if access.sees(viewer, tenant_id) else ()
    if not rows:
        raise NotFound("There is no such tenant.")
    return day_start(day, rows[0]["billing_zone"])
