"""Documents, parsed and validated once: clients send the same few over and over."""

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)
from graphql.execution.collect_fields import FragmentDetails, GroupedFieldSet
from graphql.execution.get_variable_signature import GraphQLVariableSignature

from server.graphql_cost import CostOf
from server.graphql_guard import BadRequest, Limits
from server.graphql_measure import INTROSPECTION, Fragments, measure, root_fields

MOST_ERRORS = 20
MOST_COMMENTS = 200
_NUL = re.compile(r"\x00|\\u(?:0000|\{0+\})")
_VARIABLE_SELECTION = re.compile(r"@(?:skip|include)\b")


class Variable(NamedTuple):
    """A variable of an operation, and what makes its value of what was given (Undefined where that is not valid)."""

    signature: GraphQLVariableSignature
    coerce: Callable[[Any], Any]


@dataclass(slots=True)
class Plan:
    """One operation of a document, and what its executions have worked out so far.

    `is_fixed`: which fields it selects depends on no variable, so they are collected once for all executions. What is
    remembered is bounded by the document: per selection and type that it can meet.
    `names`: of its root fields, by the names that they have in the answer.
    """

    node: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    definitions: Fragments
    is_fixed: bool
    names: dict[str | int, str]
    root_fields: GroupedFieldSet | None
    sub_fields: dict[Any, Any]
    steps: dict[Any, Any]
    variables: list[Variable] | None

    @property
    def introspects(self) -> bool:
        """Whether it asks for the schema, which is decided per viewer at each execution."""
        return not INTROSPECTION.isdisjoint(self.names.values())


@dataclass(slots=True)
class Document:
    """A parsed document: its operations by name, or why it is not valid."""

    plans: dict[str | None, Plan]
    errors: list[GraphQLError]

    def select(self, name: str | None) -> Plan:
        """The operation to execute. Raises GraphQLError."""
        if name is not None:
            if plan := self.plans.get(name):
                return plan
            raise GraphQLError(f"The document has no operation named {name[:100]!r}.")
        if len(self.plans) == 1:
            return next(iter(self.plans.values()))
        if not self.plans:
            raise GraphQLError("The document has no operation.")
        raise GraphQLError("The document has several operations: name one in operationName.")


class Documents:
    """The least recently used ones are forgotten. With `suggest`, mistakes are told what may have been meant."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, suggest: bool = False) -> None:
        self._schema = schema
        self._limits = limits
        self._suggest = suggest
        self._remembered: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def get(self, text: str) -> Document:
        """The document. Raises BadRequest where it is too large, GraphQLError where it cannot be parsed."""
        document = self._remembered.get(text)
        if document is None:
            document = self._read(text)
            self._remember(text, document)
        else:
            self._remembered.move_to_end(text)
        return document

    def _remember(self, text: str, document: Document) -> None:
        self._remembered[text] = document
        self._characters += len(text)
        limits = self._limits
        while len(self._remembered) > limits.documents_remembered or self._characters > limits.characters_remembered:
            forgotten, _ = self._remembered.popitem(last=False)
            self._characters -= len(forgotten)

    def _read(self, text: str) -> Document:
        limits = self._limits
        if len(text) > limits.document_characters:
            raise BadRequest(
                400, f"The document may have at most {limits.document_characters:,} characters. Use variables."
            )
        if _NUL.search(text):
            raise BadRequest(400, "Text cannot contain the character U+0000. Leave it out.")
        tree = _parse(text, limits)
        fragments = {node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)}
        operations = [node for node in tree.definitions if isinstance(node, OperationDefinitionNode)]
        measure(tree, text, fragments, limits)
        self._check_cost(tree)
        errors = validate(self._schema, tree, max_errors=MOST_ERRORS, hide_suggestions=not self._suggest)
        return Document({} if errors else _plans(operations, fragments, text), errors)

    def _check_cost(self, tree: DocumentNode) -> None:
        most, cost = self._limits.document_objects, CostOf(self._schema, tree).dearest()
        if cost > most:
            raise BadRequest(
                400,
                f"This document can lead to {cost:,} objects; the limit is {most:,}. "
                "Ask for smaller pages (a variable counts as the largest), or in several requests.",
            )


def _parse(text: str, limits: Limits) -> DocumentNode:
    try:
        return parse(text, max_lexical_tokens=limits.document_tokens, max_comments=MOST_COMMENTS)
    except GraphQLError as error:
        if "Parsing aborted" in error.message:  # too many tokens or comments, or nested too deeply
            raise BadRequest(400, error.message) from None
        raise


def _plans(operations: list[OperationDefinitionNode], fragments: Fragments, text: str) -> dict[str | None, Plan]:
    details = {name: FragmentDetails(node, None) for name, node in fragments.items()}
    is_fixed = not _VARIABLE_SELECTION.search(text)
    return {
        node.name.value if node.name else None: Plan(
            node, details, fragments, is_fixed, root_fields(node, fragments), None, {}, {}, None
        )
        for node in operations
    }


def is_subscription(plan: Plan) -> bool:
    """Whether it belongs on the websocket."""
    return plan.node.operation is OperationType.SUBSCRIPTION


def is_mutation(plan: Plan) -> bool:
    """Whether it belongs in a POST."""
    return plan.node.operation is OperationType.MUTATION
