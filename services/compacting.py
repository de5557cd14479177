"""Signed changes, which triggers add to sums, are put together: reading a sum stays a look at some rows."""

from services.database import read, write

LEAST = 500
"""Fewer are read as fast as they are put together."""
MOST = 50_000
"""At once."""
_SUMS = {
    "month_changes": ("month, currency, what", ("number", "total")),
    "tenant_changes": ("month, currency, zone", ("number",)),
    "charge_changes": ("month, currency, service", ("charge",)),
}


async def compact(least: int = LEAST) -> None:
    """One round. Whoever reads meanwhile sees either the changes or their sum; whoever adds waits for nobody."""
    for table, (names, figures) in _SUMS.items():
        while await _has_many(table, names, least) and await _put_together(table, names, figures) == MOST:
            pass


async def _has_many(table: str, names: str, least: int) -> bool:
    """More than so many beside those that stay: one for each name."""
    rows = await read(f"SELECT count(*) AS all, count(DISTINCT ({names})) AS names FROM {table}")
    many: bool = rows[0]["all"] - rows[0]["names"] > least
    return many


async def _put_together(table: str, names: str, figures: tuple[str, ...]) -> int:
    """How many there were. What comes to nothing is not kept."""
    sums = ", ".join(f"sum({figure})" for figure in figures)
    something = " OR ".join(f"sum({figure}) <> 0" for figure in figures)
    sql = f"""
WITH taken AS (
    DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} LIMIT {MOST} FOR UPDATE SKIP LOCKED))
    RETURNING *
), put AS (
    INSERT INTO {table} SELECT {names}, {sums} FROM taken GROUP BY {names} HAVING {something}
)
SELECT count(*) AS taken FROM taken
"""
    rows = await write(lambda connection: connection.execute_query_dict(sql))
    taken: int = rows[0]["taken"]
    return taken
