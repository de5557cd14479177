"""What came of an answer, in the words of the table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from tests.access.cast import Cast
from tests.access.table import Row
from tests.access.things import NAMES
from tests.access.wire import Heard

MOST = 100
_PARTS = re.compile(r"[0-9a-f]{32}|\+[0-9]{8,15}")
_REFUSALS = ("InsufficientFunds", "IdempotencyConflict", "NotPossible", "UsageRefused", "WalletLocked")
_BY_CODE = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper(): name for name in _REFUSALS}


@dataclass(frozen=True)
class Words:
    """Of a cast: whose things are whose."""

    cast: Cast

    def of_graphql(self, row: Row, asker: str, answer: Any) -> str:
        """An error's code; of a mutation what became of it; else whose things were shown."""
        if answer.get("errors"):
            return "+".join(sorted({error["extensions"]["code"] for error in answer["errors"]}))
        value = first_named(answer["data"], row.field)
        return _done(value) if row.name.startswith("Mutation.") else self._shown(value, asker)

    def of_route(self, row: Row, asker: str, heard: Heard) -> str:
        """By the status: a problem's code, or whose things were shown or changed."""
        if heard.status not in (200, 201):
            return _problem(heard)
        if row.name.partition(" ")[0] in ("PUT", "DELETE") or "{" in row.document.partition("/api")[2]:
            return "done"
        if heard.body[:1] != b"{" or row.pattern == "for all":
            return "seen"
        content = orjson.loads(heard.body)
        listed = content.get(row.name.rpartition("/")[2])
        return self._shown(listed if isinstance(listed, list) else content, asker)

    def _shown(self, value: Any, asker: str) -> str:
        if value is None:
            return "null"
        if isinstance(value, dict) and "edges" in value:
            if value.get("totalCount", len(value["edges"])) != len(value["edges"]) != MOST:
                return "miscounted"
            value = value["edges"]
        if value == []:
            return "empty"
        own, top = self.cast.selves.get(asker), value if isinstance(value, list) else [value]
        if own and all(isinstance(one, dict) and one.get("node", one).get("id") == own for one in top):
            return "self"
        held = self.whose(orjson.dumps(value).decode(), asker)
        return "all" if {"ours", "theirs"} <= held else "+".join(sorted(held)) or "seen"

    def whose(self, text: str, asker: str) -> set[str]:
        """Whose ids, phones and names are in it."""
        holders = {self.cast.holders[part] for part in set(_PARTS.findall(text)) if part in self.cast.holders}
        holders |= {holder for name, holder in NAMES.items() if name in text}
        return {"own" if holder == f"@{asker}" else holder for holder in holders}


def _problem(heard: Heard) -> str:
    """As problem+json says it, or GraphQL, or by the status alone."""
    if heard.body[:1] != b"{":
        return "NOT_FOUND" if heard.status == 404 else str(heard.status)
    content = orjson.loads(heard.body)
    code: str = first_named(content, "code")
    return _BY_CODE.get(code, code)


def first_named(tree: Any, name: str) -> Any:
    """The value of the first field with that name, from the top down; None where there is none."""
    level = [tree]
    while level:
        for one in level:
            if isinstance(one, dict) and name in one:
                return one[name]
        level = [inner for one in level for inner in _inside(one)]
    return None


def _inside(one: Any) -> Iterator[Any]:
    return iter(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())


def _done(value: Any) -> str:
    if isinstance(value, dict):
        name: str = value["__typename"]
        return "done" if name.endswith("Payload") or name in ("SignedIn", "Transaction") else name
    return "done" if value is True or type(value) is int else repr(value)
