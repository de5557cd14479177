"""Every document the dashboard sends is valid against the generated schema."""

import ast
from pathlib import Path

import pytest
from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate

from dashboard.client import DOCUMENTS

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def sdl() -> GraphQLSchema:
    return build_schema((ROOT / "schema/schema.graphql").read_text())


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_document_of_the_dashboard_is_valid(sdl: GraphQLSchema, name: str) -> None:
    assert validate(sdl, DOCUMENTS[name]) == []


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_document_carries_one_operation_of_its_own_name(name: str) -> None:
    operations = operations_of(DOCUMENTS[name])
    assert [operation.name.value for operation in operations if operation.name] == [name]


def test_no_document_of_the_file_is_left_behind() -> None:
    source = parse((ROOT / "dashboard/operations.graphql").read_text())
    assert len(operations_of(source)) == len(DOCUMENTS)


def test_each_document_is_sent_by_something() -> None:
    assert set(DOCUMENTS) - texts_of(ROOT / "dashboard") == set()


def texts_of(folder: Path) -> set[str]:
    """The texts that stand in the code below."""
    trees = (ast.parse(path.read_text()) for path in folder.rglob("*.py"))
    constants = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {constant.value for constant in constants if isinstance(constant.value, str)}


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
