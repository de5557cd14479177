"""Resolvers without Strawberry's detours get the same arguments and give the same answers, refusals and errors."""

import sys
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.assemble import assemble
from schema.scalars import SCALARS

KINDS = Path(__file__).parent / "kinds.py"


def load(name: str) -> ModuleType:
    """The types anew."""
    spec = util.spec_from_file_location(name, KINDS)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def usual(kinds: ModuleType) -> strawberry.Schema:
    config = StrawberryConfig(scalar_map=SCALARS)
    return strawberry.Schema(kinds.Query, kinds.Mutation, config=config, exception_handlers=[kinds.Handler()])


def ours(kinds: ModuleType) -> strawberry.Schema:
    return assemble(kinds.Query, kinds.Mutation, exception_handlers=[kinds.Handler()])


USUAL, OURS = usual(load("tests.usual_kinds")), ours(load("tests.our_kinds"))
WHOLE = '{main: {amountMinor: 5}, spare: {amountMinor: 1, color: BLUE, tags: ["x"]}, rest: [{amountMinor: 2}]}'


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ show(colors: [RED, BLUE]) }", {}),
        ("{ show(colors: RED, filter: {amountMinor: 1}, first: null) }", {}),
        ("query ($f: Part, $c: [Color!]!) { show(colors: $c, filter: $f) }", {"f": None, "c": []}),
        ("query ($f: Part, $n: Int = 7) { show(colors: [], filter: $f, first: $n) }", {}),
        ("{ twice fixed(number: 3) }", {}),
        ('{ twice(text: "b") }', {}),
        (f"mutation {{ do(input: {WHOLE}) {{ ... on Done {{ seen }} }} }}", {}),
        (f"mutation {{ doNow(input: {WHOLE}) {{ ... on Done {{ seen }} }} }}", {}),
        (
            "mutation ($i: Whole!) { do(input: $i) { ... on Done { seen } } }",
            {"i": {"main": {"amountMinor": 1, "color": "BLUE"}, "spare": None, "holes": [None, {"amountMinor": 9}]}},
        ),
        *(
            (f"mutation {{ {name}(input: {{main: {{amountMinor: {amount}}}}}) {{ __typename {fields} }} }}", {})
            for name in ("do", "doNow")
            for amount in (101, -1, 0)
            for fields in ("... on Refused { message }", "... on Done { seen }")
        ),
    ],
)
async def test_a_shortcut_answers_as_strawberry_does(document: str, variables: dict[str, Any]) -> None:
    expected = await USUAL.execute(document, variables, "somebody")
    given = await OURS.execute(document, variables, "somebody")
    assert given.data == expected.data
    assert [(e.message, e.path) for e in given.errors or []] == [(e.message, e.path) for e in expected.errors or []]
