"""What is said about a lock names every reason for it."""

import pytest

from dashboard.format import Manner
from dashboard.shapes.wallets import Lock
from dashboard.words import lock_title


def lock(*reasons: str) -> Lock:
    given = {"locked": bool(reasons), "reasons": list(reasons), "since": None, "amountDue": 0, "locksAt": None}
    return {**given, "unlockAmount": 0, "topUpUnlocks": False}  # type: ignore[typeddict-item]  # reasons are words


@pytest.mark.parametrize(
    ("reasons", "title"),
    [
        ((), "Open"),
        (("MANUAL",), "Locked by hand"),
        (("INSUFFICIENT_FUNDS",), "Locked for money"),
        (("INSUFFICIENT_FUNDS", "MANUAL"), "Locked for money and by hand"),
    ],
)
def test_a_lock_is_named_with_all_its_reasons(reasons: tuple[str, ...], title: str) -> None:
    assert lock_title(lock(*reasons), Manner()) == title
