"""The description of the routes: valid OpenAPI, of every route and no other, with examples that are what they show."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from server.openapi import DESCRIPTION
from server.problems import STATUS, problem
from server.rest import ROUTES
from tests.rest import validator

ROOT = Path(__file__).parent.parent
MOST_LINES = 250
OF_STRANGERS = {"RATE_LIMITED"}
"""Whoever signs in or registers meets it, and no route does either."""
OPERATIONS = [
    (path, method, what) for path, methods in DESCRIPTION["paths"].items() for method, what in methods.items()
]


def contents(path: str, method: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is sent and what is answered, with its examples."""
    what = DESCRIPTION["paths"][path][method]
    if "requestBody" in what:
        yield "request", what["requestBody"]["content"]["application/json"]
    for status, answer in what["responses"].items():
        if "content" in answer:
            yield status, answer["content"]["application/json"]


def test_the_description_is_openapi_3_1() -> None:
    assert DESCRIPTION["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(DESCRIPTION).iter_errors()] == []


def test_each_route_is_described_and_each_description_is_routed() -> None:
    described = {(path, method.upper()) for path, method, _ in OPERATIONS}
    assert described == {(path, method) for path, methods in ROUTES.items() for method in methods}


def test_each_operation_is_described_whole() -> None:
    names = [what["operationId"] for _, _, what in OPERATIONS]
    assert len(set(names)) == len(names)
    for path, _, what in OPERATIONS:
        told = what["responses"].keys()
        assert {"400", "401", "403", "404", "503"} <= told, path
        assert ("413" in told) == ("requestBody" in what), path
        named = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        references = [one["$ref"].rpartition("/")[2] for one in what.get("parameters", ())]
        parameters = [DESCRIPTION["components"]["parameters"][name] for name in references]
        assert {one["name"] for one in parameters if one["in"] == "path"} == named, path


@pytest.mark.parametrize(("path", "method"), [(path, method) for path, method, _ in OPERATIONS])
def test_its_examples_are_what_they_show(path: str, method: str) -> None:
    for place, content in contents(path, method):
        schema = content["schema"]["$ref"].rpartition("/")[2]
        examples = [one["value"] for one in content.get("examples", {}).values()]
        for example in [*examples, *([content["example"]] if "example" in content else [])]:
            errors = [error.message for error in validator(schema).iter_errors(example)]
            assert errors == [], f"{place}: {example}"


def test_problems_and_their_examples_are_what_the_program_answers() -> None:
    codes = DESCRIPTION["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    assert set(codes) == set(STATUS) - OF_STRANGERS
    for name, answer in DESCRIPTION["components"]["responses"].items():
        example = answer["content"]["application/problem+json"]["example"]
        assert [error.message for error in validator("Problem").iter_errors(example)] == [], name
        rest = {
            key: value for key, value in example.items() if key not in ("type", "title", "status", "detail", "code")
        }
        said = problem(example["code"], example["detail"], **rest)
        assert (said.status_code, bytes(said.body)) == (example["status"], orjson.dumps(example)), name


def test_schemas_leave_nothing_open() -> None:
    for name, schema in DESCRIPTION["components"]["schemas"].items():
        if schema.get("type") == "object" and name != "Problem":
            assert schema["additionalProperties"] is False, name


def test_the_routes_are_thin() -> None:
    files = (ROOT / "server").glob("rest*.py")
    assert sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files) < MOST_LINES
