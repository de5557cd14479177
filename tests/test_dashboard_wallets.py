"""The list of wallets never goes back in time: what was heard last is what is shown."""

from typing import Any, cast

from dashboard.pages.wallets import newest
from dashboard.shapes.wallets import Wallet


def wallet(name: str, version: int, **more: Any) -> Wallet:
    return cast(Wallet, {"id": name, "version": version, **more})


def test_an_answer_that_was_overtaken_by_a_message_does_not_undo_it() -> None:
    answered = [wallet("a", 1), wallet("b", 5), wallet("c", 2)]
    heard = {"a": wallet("a", 2), "b": wallet("b", 4), "elsewhere": wallet("elsewhere", 9)}
    assert [(one["id"], one["version"]) for one in newest(answered, heard)] == [("a", 2), ("b", 5), ("c", 2)]


def test_of_one_version_the_answer_counts_since_an_owner_may_have_another_name() -> None:
    (kept,) = newest([wallet("a", 3, owner="new name")], {"a": wallet("a", 3, owner="old name")})
    assert kept == wallet("a", 3, owner="new name")
