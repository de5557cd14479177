"""Variables become what graphql-core makes of them: the same values, or its own errors."""

from functools import cache
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    build_schema,
    get_named_type,
    is_leaf_type,
)
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import given
from hypothesis import strategies as st

from resolvers.root import schema
from server.graphql_documents import Documents, Plan
from server.graphql_guard import Limits
from server.graphql_inputs import coerce_variables

OURS = schema._schema
EVERY_SHAPE = build_schema("""
    enum Color { RED GREEN }
    input One @oneOf { a: Int, b: [String!], c: Deep }
    input Deep {
        id: ID!, text: String!, label: String, flag: Boolean = true, count: Int! = 3, ratio: Float, color: Color = RED
        colors: [Color!], names: [String!]! = ["a", "b"], grid: [[Int]], deep: Deep, deeps: [Deep!], one: One
    }
    type Query {
        any(deep: Deep!, deeps: [Deep!]!, sparse: [Deep] = [], one: One, ids: [ID!], count: Int = 7): Int
        none(flag: Boolean!, color: Color! = GREEN): Int
    }
""")
FIELDS = [
    (core, kind, name, field)
    for core in (EVERY_SHAPE, OURS)
    for kind, root in (("query", core.query_type), ("mutation", core.mutation_type))
    for name, field in (root.fields.items() if root else ())
    if field.args
]
ODD: list[Any] = [
    None, True, 0, -1, 2**31, 2**53, 2**63, 1.0, 1.5, "", "RED", "INR", "0.25", "1e3", "2025-03",
    "2025-03-01T00:00:00Z", "wal_1", [], [None], [1], ["text"], [[1], None], {}, {"a": 1}, {"a": None},
    {"a": 1, "b": []}, {"text": "t"},
]  # fmt: skip
FITTING: dict[str, list[Any]] = {
    "Int": [0, 3, -7], "Float": [0.5, 2], "String": ["text", ""], "ID": ["wal_1", 7], "Boolean": [True, False],
    "Minor": [0, 100], "Month": ["2025-03"], "Decimal": ["0.25", 3], "DateTime": ["2025-03-01T05:30:00+05:30"],
}  # fmt: skip


@cache
def plan(number: int) -> Plan:
    """Of a document that gives each argument of a field a variable."""
    core, kind, name, field = FIELDS[number]
    declared = ", ".join(f"${arg}: {described.type}{default(described)}" for arg, described in field.args.items())
    passed = ", ".join(f"{arg}: ${arg}" for arg in field.args)
    rest = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    document = Documents(core, Limits()).get(f"{kind} ({declared}) {{ {name}({passed}){rest} }}")
    assert not document.errors
    return document.select(None)


def default(argument: GraphQLArgument) -> str:
    """Of the variable: an argument's own, where it is one that has none, leaves the variable required."""
    return " = 7" if str(argument.type) == "Int" else ""


def value(kind: GraphQLInputType, random: Random, wrong: int, depth: int = 0) -> Any:
    """JSON that fits the type, but for one in `wrong` places."""
    if wrong and not random.randrange(wrong):
        return random.choice(ODD)
    if isinstance(kind, GraphQLNonNull):
        return value(kind.of_type, random, wrong, depth)
    if not random.randrange(5) or depth > 4:
        return None
    if isinstance(kind, GraphQLList):
        return [value(kind.of_type, random, wrong, depth + 1) for _ in range(random.randrange(3))]
    if isinstance(kind, GraphQLInputObjectType):
        return members(kind.fields, random, wrong, depth + 1)
    return random.choice(list(kind.values) if isinstance(kind, GraphQLEnumType) else FITTING[kind.name])


def members(fields: Any, random: Random, wrong: int, depth: int = 0) -> dict[str, Any]:
    """Some of the fields, those that are required mostly."""
    given = {
        name: value(field.type, random, wrong, depth)
        for name, field in fields.items()
        if isinstance(field.type, GraphQLNonNull) or random.randrange(3)
    }
    if wrong and not random.randrange(2 * wrong):
        given[random.choice(["unheardOf", *fields])] = None
    return given


def compare(seed: int, wrong: int) -> bool:
    """Whether ours had values at all; graphql-core's are then the same."""
    random = Random(seed)
    number = random.randrange(len(FIELDS))
    core, _, _, field = FIELDS[number]
    asked = members(field.args, random, wrong)
    ours = coerce_variables(core, plan(number), asked)
    usual = get_variable_values(core, plan(number).node.variable_definitions or (), asked)
    if ours is None:
        return False
    assert isinstance(usual, VariableValues)
    assert repr(ours.coerced) == repr(usual.coerced)  # tells 1, 1.0 and True apart
    assert {name: source.value for name, source in ours.sources.items()} == {
        name: source.value for name, source in usual.sources.items()
    }
    return True


@given(st.integers(0, 10**9))
def test_fitting_variables_become_the_same_values(seed: int) -> None:
    compare(seed, 0)


@given(st.integers(0, 10**9), st.sampled_from([2, 10, 40]))
def test_wrong_variables_are_left_to_graphql_core(seed: int, wrong: int) -> None:
    compare(seed, wrong)


def test_most_fitting_variables_need_no_graphql_core() -> None:
    assert sum(compare(seed, 0) for seed in range(500)) > 250
