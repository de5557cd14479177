"""What made-up documents may hold for our scalars, and what no answer to them may be."""

from typing import Any

from graphql import ValueNode
from hypothesis import strategies as st
from hypothesis_graphql import nodes

ODD_IDS = ["", "wal_", "usr_00000000000070008000000000000000", "txn_1", "dry_1", "\N{SNOWMAN}", "-1", "ten_" + "f" * 32]
MOST = 2**53 - 1
INSTANTS = [
    *("2025-02-01T00:00:00Z", "2025-01-31T23:59:59.999999+05:30", "0001-01-01T00:00:00+14:00"),
    *("9999-12-31T23:59:59-14:00", "2025-02-30T00:00:00Z", "2025-02-01", "", "1970-01-01T00:00:00"),
]
DECIMALS = ["0", "1", "-1", "0.000000000001", "1000000000000000", "-1000000000000001", "1e5", "NaN", "", "0.25"]
MONTHS = ["2025-01", "2024-12", "2025-02", "0000-01", "9999-12", "2025-13", "", "2025-1"]


def texts(*given: str) -> "st.SearchStrategy[ValueNode]":
    return st.sampled_from(given).map(nodes.String)


def scalars(ids: list[str]) -> dict[str, "st.SearchStrategy[Any]"]:
    """Mostly what there is and what fits, and always some that is not or does not."""
    return {
        "ID": texts(*ids, *ids, *ids, *ODD_IDS),
        "Minor": (st.integers(1, 100_000) | st.sampled_from([0, -1, MOST, MOST + 1, -MOST, 10**18])).map(nodes.Int),
        "DateTime": texts(*INSTANTS),
        "Decimal": texts(*DECIMALS) | st.integers(-(10**18), 10**18).map(nodes.Int),
        "Month": texts(*MONTHS),
    }


def mistakes(status: int, answer: Any) -> list[Any]:
    """Why it is an answer that nobody may get: a failure of ours."""
    if status >= 500 or not isinstance(answer, dict):
        return [status, answer]
    codes = {"INTERNAL", "UNAVAILABLE"}
    return [error for error in answer.get("errors", ()) if error.get("extensions", {}).get("code", "INTERNAL") in codes]
