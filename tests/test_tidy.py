"""What the import contracts cannot say about our code, read from its syntax trees."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("domain", "models", "services", "schema", "resolvers", "dashboard", "server", "migrations")
LONGEST_FUNCTION = 70

OPENERS_OF_TRANSACTIONS = {"services/database.py"}
READERS_OF_THE_ENVIRONMENT = {"server/settings.py"}
CLOCKS = {"services/clock.py", "services/database.py", "server/logs.py"}
"""Lines of the log have the process's own time, as those of all other programs do."""
NOW = {"now", "utcnow", "today", "time", "time_ns"}
TELLERS = {"datetime", "date", "time"}
MONEY = ("domain/", "models/", "services/")
FLOATS = {
    "domain/wallets.py months_remaining": "months, rounded down to one decimal, are told and never counted with",
    "services/viewers.py _Known": "seconds of a monotonic clock",
    "services/waiting.py rung": "seconds that somebody waits",
}
WRITES_THE_LOG = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE)\s+wallet_transactions\b", re.IGNORECASE)
ASKS_THE_TIME = re.compile(r"\b(now\(\)|current_timestamp|localtimestamp|transaction_timestamp)", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.text)))

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 1)}"


def sources(*packages: str) -> list[Source]:
    return [Source(path) for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


OURS = sources(*PACKAGES, "tests", "benchmarks")
PRODUCT = [source for source in OURS if not source.name.startswith(("tests/", "benchmarks/", "migrations/"))]


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in source.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(source: Source) -> Iterator[tuple[ast.Call, str, str]]:
    """Each call, with what it is made on ('' for nothing) and its name: `datetime.now()` is 'datetime', 'now'."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node, "", node.func.id
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, getattr(node.func.value, "id", getattr(node.func.value, "attr", "?")), node.func.attr


def scoped(tree: ast.AST, scope: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Every node with the name of the function or class that it stands in."""
    for node in ast.iter_child_nodes(tree):
        inner = node.name if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) else scope
        yield inner, node
        yield from scoped(node, inner)


def _names(node: ast.ImportFrom) -> set[str]:
    return {imported.name for imported in node.names}


def words(source: Source) -> Iterator[ast.Constant]:
    """Its strings, SQL among them, less the docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in source.nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def test_no_function_is_longer_than_a_screen() -> None:
    applied = [source for source in OURS if not source.name.startswith("migrations/models/")]
    long = [
        f"{source.at(function)} {function.name}"
        for source in applied
        for function in functions(source)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_says_in_one_to_five_lines_what_it_is() -> None:
    said = {source.name: ast.get_docstring(ast.parse(source.text)) or "" for source in PRODUCT}
    assert {name: text for name, text in said.items() if not 1 <= len(text.splitlines()) <= 5} == {}


def test_one_module_opens_transactions() -> None:
    opening = {
        source.name
        for source in PRODUCT
        for call, _, called in calls(source)
        if called in {"in_transaction", "atomic"} or (called == "transaction" and not call.args)
    }
    assert opening == OPENERS_OF_TRANSACTIONS


def test_one_module_reads_the_environment() -> None:
    names = {"environ", "getenv", "BaseSettings"}
    reading = {
        source.name
        for source in PRODUCT
        for node in source.nodes
        if (isinstance(node, ast.Attribute) and node.attr in names)
        or (isinstance(node, ast.ImportFrom) and names & _names(node))
    }
    assert reading == READERS_OF_THE_ENVIRONMENT


def test_only_the_clock_knows_what_time_it_is() -> None:
    others = [source for source in PRODUCT if source.name not in CLOCKS]
    asking = [
        f"{source.at(call)} {owner}.{called}()"
        for source in others
        for call, owner, called in calls(source)
        if called in NOW and owner in TELLERS
    ]
    importing = [
        source.at(node)
        for source in others
        for node in source.nodes
        if isinstance(node, ast.ImportFrom) and node.module == "time" and {"time", "time_ns"} & _names(node)
    ]
    assert asking + importing == []


def test_no_statement_asks_for_the_time_its_transaction_began() -> None:
    asking = [
        source.at(word)
        for source in PRODUCT
        if not source.name.startswith("dashboard/")  # has scripts for browsers, and no SQL
        for word in words(source)
        if ASKS_THE_TIME.search(str(word.value))
    ]
    assert asking == []


def test_no_float_comes_near_money() -> None:
    floats = {
        f"{source.name} {scope}"
        for source in PRODUCT
        if source.name.startswith(MONEY)
        for scope, node in scoped(ast.parse(source.text))
        if isinstance(node, ast.Name) and node.id == "float"
    }
    assert floats == set(FLOATS)


def test_one_module_writes_the_log() -> None:
    writing = {source.name for source in PRODUCT for word in words(source) if WRITES_THE_LOG.search(str(word.value))}
    assert writing == {"services/posting_store.py"}


def test_the_tree_is_read_at_all() -> None:
    assert {"domain/money.py", "services/posting.py", "server/settings.py"} <= {source.name for source in PRODUCT}
