"""A schema of every kind of field, documents of every shape for it, and values right and wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Annotated, Any

import strawberry

from schema.assemble import assemble
from schema.paging import Connection, Edge, PageInfo
from schema.scalars import Minor, Month


@strawberry.enum
class Color(Enum):
    RED = "r"
    GREEN = 2


@strawberry.interface
class Thing:
    id: strawberry.ID


@strawberry.type
class Leaf(Thing):
    text: str
    label: str | None


@strawberry.type
class Plain:
    flag: bool


@strawberry.type
class Tree(Thing):
    text: str
    label: str | None
    flag: bool
    count: int | None
    ratio: float | None
    amount: Minor
    debt: Minor | None
    quantity: Decimal
    month: Month | None
    when: datetime
    color: Color | None
    names: list[str]
    colors: list[Color | None] | None
    plain: Plain
    child: "Tree | None"
    leaf: Leaf
    leaves: list[Leaf]
    sparse: list[Leaf | None] | None
    grid: list[list[Plain]]
    thing: Thing | None
    either: Annotated[Leaf | Plain, strawberry.union("Either")]
    page: Connection[Leaf]

    @strawberry.field
    async def later(self, times: int = 1) -> "Tree | None":
        for _ in range(times):
            await asyncio.sleep(0)
        return self.child

    @strawberry.field
    async def soon(self) -> Leaf:
        await asyncio.sleep(0)
        return self.leaf

    @strawberry.field
    def now(self) -> Leaf | None:
        return self.leaf

    @strawberry.field
    async def fails(self) -> Leaf:
        await asyncio.sleep(0)
        raise KeyError("fails")

    @strawberry.field
    async def may_fail(self) -> Leaf | None:
        raise ValueError("may fail")


@strawberry.type
class Query:
    @strawberry.field
    async def tree(self, info: strawberry.Info[Callable[[], Any], None]) -> Tree | None:
        tree: Tree | None = info.context()
        return tree

    @strawberry.field
    def trees(self, info: strawberry.Info[Callable[[], Any], None]) -> list[Tree]:
        return [info.context(), info.context()]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def plant(self, info: strawberry.Info[Callable[[], Any], None]) -> Tree:
        tree: Tree = info.context()
        return tree


SCHEMA = assemble(Query, Mutation)
CORE = SCHEMA._schema
LEAF = ["id", "text", "label", "__typename"]
PLAIN = ["flag", "__typename"]
TREE_LEAVES = [
    *LEAF,
    "flag",
    "count",
    "ratio",
    "amount",
    "debt",
    "quantity",
    "month",
    "when",
    "color",
    "names",
    "colors",
]
TREE_BRANCHES = {
    "plain": PLAIN,
    "leaf": LEAF,
    "leaves": LEAF,
    "sparse": LEAF,
    "grid": PLAIN,
    "soon": LEAF,
    "now": LEAF,
    "fails": LEAF,
    "mayFail": LEAF,
}


def document(random: Random) -> str:
    """A valid one, of any shape: aliases, fragments, conditions, and fields that are asked for twice."""
    fields = random.choice(["tree", "trees", "plant", "tree { id } other: tree"])
    kind = "mutation" if fields == "plant" else "query"
    given, used = "", ""
    if random.random() < 0.3:
        given, used = "($yes: Boolean!, $no: Boolean = false)", "@include(if: $yes) @skip(if: $no)"
    main = tree(random, 3)
    return f"{kind} {given} {{ {fields} {{ id ...Main {used} label }} }} fragment Main on Tree {main}"


def tree(random: Random, depth: int) -> str:
    parts = [random.choice(TREE_LEAVES) for _ in range(random.randint(1, 4))]
    for name, fields in random.sample(sorted(TREE_BRANCHES.items()), random.randint(0, 3)):
        parts.append(f"{name} {{ {' '.join(random.sample(fields, random.randint(1, len(fields))))} }}")
    if random.random() < 0.3:
        parts.append("either { ... on Leaf { text label } ... on Plain { flag } __typename }")
    if random.random() < 0.3:
        parts.append("thing { id ... on Leaf { text } ... on Tree { amount } }")
    if random.random() < 0.3:
        parts.append("page { edges { cursor node { id text } } pageInfo { hasNextPage } totalCount }")
    if depth and random.random() < 0.7:
        name = random.choice(["child", "again: child", "later", "slow: later(times: 3)"])
        parts.append(f"{name} {tree(random, depth - 1)}")
    return "{ " + " ".join(parts) + " }"


class Ill:
    """Whose attributes cannot be read, and which is of no type."""

    def __getattr__(self, name: str) -> Any:
        raise LookupError(name)


def resolved(value: Any) -> Awaitable[Any]:
    future = asyncio.get_running_loop().create_future()
    future.set_result(value)
    return future


class Grower:
    """Values for the types, now and then wrong ones; the same for the same seed."""

    def __init__(self, seed: int, wrong: int) -> None:
        self.random = Random(seed)
        self.wrong = wrong

    def maybe(self, value: Any) -> Any:
        if self.random.randrange(100) >= self.wrong:
            return value
        other: Any = self.random.choice([None, None, None, 1, "x", RuntimeError("held"), Ill(), [], {"a": 1}, resolved])
        return resolved(value) if other is resolved else other

    def leaf(self) -> Any:
        return self.maybe(Leaf(id=self.maybe("l1"), text=self.maybe("text"), label=self.maybe("label")))

    def plain(self) -> Any:
        return self.maybe(Plain(flag=self.maybe(True)))

    def tree(self, depth: int = 3) -> Any:
        pick = self.random.choice
        return self.maybe(
            Tree(
                id=self.maybe("t1"),
                text=self.maybe("text"),
                label=self.maybe(pick(["label", None])),
                flag=self.maybe(pick([True, False])),
                count=self.maybe(pick([3, None, 2**31 - 1])),
                ratio=self.maybe(pick([1, None])),
                amount=self.maybe(pick([0, -5, 2**53 - 1])),
                debt=self.maybe(pick([7, None, 2**53])),
                quantity=self.maybe(Decimal("1.500")),
                month=self.maybe(pick([datetime(2025, 3, 1, tzinfo=UTC).date(), None])),
                when=self.maybe(datetime(2025, 3, 1, tzinfo=UTC)),
                color=self.maybe(pick([*Color, None])),
                names=self.maybe([self.maybe("a"), self.maybe("b")]),
                colors=self.maybe(pick([[self.maybe(Color.RED), None], None])),
                plain=self.plain(),
                child=self.tree(depth - 1) if depth else None,
                leaf=self.leaf(),
                leaves=self.maybe([self.leaf() for _ in range(pick([0, 1, 3]))]),
                sparse=self.maybe(pick([None, [self.leaf(), None], (self.leaf(),)])),
                grid=self.maybe([[self.plain(), self.plain()], []]),
                thing=self.maybe(self.leaf()),
                either=pick([self.leaf, self.plain])(),
                page=self.maybe(self.page()),
            )
        )

    def page(self) -> Any:
        async def count() -> int | None:
            return 2

        info = PageInfo(has_next_page=self.maybe(False), has_previous_page=False, start_cursor=None, end_cursor=None)
        edges = [self.maybe(Edge(cursor="c", node=self.leaf())) for _ in range(2)]
        return Connection(edges=self.maybe(edges), page_info=self.maybe(info), count=count)
