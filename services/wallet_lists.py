"""Lists of wallets: by how they stand, and by what their owners are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain import access
from domain.access import Viewer
from domain.refusals import BadInput
from domain.wallets import Wallet
from services.database import count_rows, read
from services.matching import Matching
from services.owner_names import like, named
from services.rows import WALLET_COLUMNS, read_wallet

_LOCKED = "(w.funds_locked_at IS NOT NULL OR w.manual_locked_at IS NOT NULL)"
_OWNER_HAS = "EXISTS (SELECT 1 FROM owner_names n WHERE n.owner_id = w.id AND n.text LIKE lower({}))"
_LIST = f"SELECT {WALLET_COLUMNS} FROM wallets w"


@dataclass(frozen=True, slots=True)
class WalletFilter:
    """None: does not filter. `available_below` in minor units of `currency`."""

    locked: bool | None = None
    due: bool | None = None
    currency: str | None = None
    available_below: int | None = None
    search: str | None = None


async def list_wallets(viewer: Viewer, where: WalletFilter, limit: int, after: UUID | None) -> list[Wallet]:
    """Those that the viewer sees, newest first, after the one given."""
    if not access.holds(viewer, "wallet:read"):
        return []
    matching = await _matching(viewer, where)
    matching.add_if_given("w.id < {}", after)
    rows = await read(f"{_LIST} WHERE {matching.sql} ORDER BY w.id DESC LIMIT {int(limit)}", *matching.values)
    return [read_wallet(row) for row in rows]


async def count_wallets(viewer: Viewer, where: WalletFilter) -> int | None:
    """None beyond 10,000."""
    if not access.holds(viewer, "wallet:read"):
        return 0
    matching = await _matching(viewer, where)
    return await count_rows(f"SELECT 1 FROM wallets w WHERE {matching.sql}", *matching.values)


async def load_changed(viewer: Viewer, wallet_ids: Sequence[UUID], where: WalletFilter) -> list[tuple[Wallet, bool]]:
    """Of these, those that the viewer sees and whose owner matches; each with whether its state matches too."""
    state, owner = _standing(where), Matching()
    owner.values = list(state.values)
    owner.add("w.id = ANY({}::uuid[])", wallet_ids)
    _owned(owner, viewer, where, None)
    sql = f"SELECT {WALLET_COLUMNS}, ({state.sql}) AS matches FROM wallets w WHERE {owner.sql}"
    return [(read_wallet(row), row["matches"]) for row in await read(sql, *owner.values)]


async def _matching(viewer: Viewer, where: WalletFilter) -> Matching:
    matching = _standing(where)
    _owned(matching, viewer, where, await named(viewer, where.search))
    return matching


def _standing(where: WalletFilter) -> Matching:
    if where.available_below is not None and where.currency is None:
        raise BadInput("availableBelow needs currency: unlike currencies are never compared.")
    matching = Matching()
    matching.add("w.closed_at IS NULL")
    if where.locked is not None:
        matching.add(_LOCKED if where.locked else f"NOT {_LOCKED}")
    if where.due is not None:
        matching.add("w.due > 0" if where.due else "w.due = 0")
    matching.add_if_given("w.total - w.locked < {}", where.available_below)
    return matching


def _owned(matching: Matching, viewer: Viewer, where: WalletFilter, having: list[UUID] | None) -> None:
    """`having`: the owners whom the search finds, where they are known already."""
    matching.add_if_given("w.currency = {}", where.currency)
    matching.add_if_given("w.id = {}", viewer.home)
    if having is not None:
        matching.add("w.id = ANY({}::uuid[])", having)
    else:
        matching.add_if_given(_OWNER_HAS, like(where.search))
