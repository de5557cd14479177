"""What a page holds of a wallet never goes back, never skips, and shows every version once."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dashboard.book import MOST_LINES, Book
from dashboard.shapes.ledger import LogLine
from dashboard.shapes.wallets import State, Wallet


def line(version: int) -> LogLine:
    given: dict[str, Any] = {"version": version, "amountMinor": 100, "balanceAfterMinor": version * 100}
    return given  # type: ignore[return-value]  # the fields that a book reads


def state(version: int) -> State:
    given: dict[str, Any] = {"version": version, "balance": {"total": version * 100}, "lock": {"locked": False}}
    return given  # type: ignore[return-value]


def wallet(version: int, first: int = 5) -> Wallet:
    """A wallet at this version with its newest lines, as the API answers."""
    lines = [{"node": line(v)} for v in range(version, max(version - first, 0), -1)]
    more = version > first
    given: dict[str, Any] = {
        **state(version),
        "transactions": {"edges": lines, "pageInfo": {"hasNextPage": more, "endCursor": "older" if more else None}},
    }
    return given  # type: ignore[return-value]


def test_a_change_that_was_seen_already_changes_nothing() -> None:
    book = Book(wallet(3))
    assert book.apply(line(3), state(3))
    assert (book.version, sorted(book.lines)) == (3, [1, 2, 3])


def test_a_missing_version_is_noticed_and_not_skipped() -> None:
    book = Book(wallet(3))
    assert not book.apply(line(5), state(5))
    assert (book.version, sorted(book.lines)) == (3, [1, 2, 3])


def test_an_answer_older_than_what_is_held_does_not_take_it_back() -> None:
    book = Book(wallet(3))
    book.apply(line(4), state(4))
    book.accept(wallet(3))
    assert (book.version, sorted(book.lines)) == (4, [1, 2, 3, 4])


def test_only_the_newest_lines_are_kept_however_long_a_page_is_open() -> None:
    book = Book(wallet(3))
    assert not book.goes_on
    for version in range(4, 2 * MOST_LINES):
        assert book.apply(line(version), state(version))
    assert (book.version, len(book.lines), book.goes_on) == (2 * MOST_LINES - 1, MOST_LINES, True)
    book.accept(wallet(300))
    assert (sorted(book.lines), book.goes_on) == ([296, 297, 298, 299, 300], True)


@given(st.lists(st.tuples(st.sampled_from(["apply", "accept"]), st.integers(1, 30)), max_size=60))
def test_whatever_arrives_in_whatever_order_the_lines_have_no_gap(arrivals: list[tuple[str, int]]) -> None:
    book = Book(wallet(4))
    for kind, version in arrivals:
        before = book.version
        if kind == "accept":
            book.accept(wallet(version))
        else:
            book.apply(line(version), state(version))
        held = sorted(book.lines)
        assert book.version >= before
        assert held == list(range(held[0], held[-1] + 1))
        assert book.version == held[-1] == book.newest_first()[0]["version"]
