"""What is looked for by the clock again and again costs what is found, however much there is: an index finds it."""

import asyncpg

from services import feed, forecast_rounds, forecasting, sweeping, tidying

STATEMENTS = {
    "those that readers missed": feed._RECENT,
    "those that forecasts missed": forecast_rounds._MISSED,
    "forecasts that are due": forecasting._CLAIM,
    "wallets that are due": sweeping._DUE,
    "old sessions": tidying._SESSIONS,
    "old tries to sign in": tidying._ATTEMPTS,
    "old deliveries": tidying._DELIVERIES,
}


async def test_what_the_clock_asks_for_is_found_by_an_index_of_time(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("SET enable_seqscan = off")
        by_index = set()
        for name, statement in STATEMENTS.items():
            given: list[object] = [None, 10, []]
            values = given[: sum(f"${number}" in statement for number in (1, 2, 3))]
            plan = [line for (line,) in await connection.fetch(f"EXPLAIN {statement}", *values)]
            # A condition of the index, not one that each of its rows is held against.
            by_index |= {name for line in plan if "Index Cond" in line and "_timestamp()" in line}
    finally:
        await connection.close()
    assert by_index == set(STATEMENTS)
