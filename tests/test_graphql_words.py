"""graphql-core's own sentences, as it says them today: what was sent is cut out, and routes say what is left."""

from typing import Any

import graphql
import pytest
from graphql import GraphQLError, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

from server.graphql_words import VERSION, without_quotes, without_variables

SECRET = "hunter2"
SCHEMA = build_schema("""
  input One @oneOf { a: String b: String }
  input Inner { text: String! number: Int id: ID }
  input Given { inner: [Inner!] one: One }
  type Query { ask(input: Given = {}, name: String, must: Boolean! = true): Boolean }
""")
NAMED = parse(
    "query ($input: Given = {}, $name: String, $must: Boolean! = true) { ask(input: $input, name: $name, must: $must) }"
)
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no object": ({"input": [SECRET]}, "Expected value of type 'Given' to be an object."),
    "another field": (
        {"input": {"more": SECRET}},
        "Expected value of type 'Given' not to include unknown field 'more'.",
    ),
    "nothing where there must be something": ({"input": {"inner": [{"id": SECRET}]}}, "inner[0]: text is missing."),
    "null where there must be something": (
        {"must": None},
        "must: Expected value of non-null type 'Boolean!' not to be None.",
    ),
    "no string": ({"name": {"password": SECRET}}, "name: String cannot represent a non string value"),
    "no string within": (
        {"input": {"inner": [{"text": [SECRET]}]}},
        "inner[0].text: String cannot represent a non string value",
    ),
    "no id": ({"input": {"inner": [{"text": "", "id": {"a": SECRET}}]}}, "inner[0].id: ID cannot represent value"),
    "no number": (
        {"input": {"inner": [{"text": "", "number": "5x"}]}},
        "inner[0].number: Int cannot represent non-integer value: '5x'",
    ),
}


def told(variables: dict[str, Any]) -> str:
    [operation] = NAMED.definitions
    assert isinstance(operation, OperationDefinitionNode)
    errors = get_variable_values(SCHEMA, operation.variable_definitions or (), variables, hide_suggestions=True)
    assert isinstance(errors, list)
    [error] = errors
    return error.message


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_variable_is_told_by_its_place_and_never_by_what_it_held(name: str) -> None:
    variables, says = WRONG[name]
    message = told(variables)
    assert without_variables(without_quotes(message)) == says
    assert SECRET not in without_quotes(message)
    assert (SECRET in message) == (SECRET in str(variables)), "else there was nothing to cut out"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            'input: {more: "hunter2"}',
            "Expected value of type 'Given' not to include unknown field 'more'. Did you mean",
        ),
        ('input: ["hunter2"]', "Expected value of type 'Given' to be an object, found"),
        ('input: {inner: [{id: "hunter2"}]}', "Expected value of type 'Inner' to include required field 'text', found"),
        ('name: ["hunter2"]', "String cannot represent a non string value"),
        ("name: hunter2", "String cannot represent a non string value"),
        ('name "hunter2"', "Syntax Error: Expected ':', found String"),
    ],
)
def test_of_a_wrong_document_nothing_is_quoted_either(arguments: str, says: str) -> None:
    try:
        [error] = validate(SCHEMA, parse(f"{{ ask({arguments}) }}"))
    except GraphQLError as why:
        error = why
    assert SECRET in error.message
    assert without_quotes(error.message).startswith(says)
    assert SECRET not in without_quotes(error.message)


def test_the_words_are_those_of_the_version_that_is_installed() -> None:
    assert graphql.__version__.startswith(f"{VERSION}."), "read its sentences again, then say so in VERSION"


def test_what_is_ours_is_said_as_it_is() -> None:
    for message in ("phone takes an international number.", "Amounts are whole minor units: {}", ""):
        assert without_variables(without_quotes(message)) == message
