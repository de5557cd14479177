"""How large a document is, measured before validation, whose time grows faster than the document."""

from typing import NamedTuple

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    Visitor,
    visit,
)

from server.graphql_guard import BadRequest, Limits

ONE_AT_A_TIME = frozenset({"signIn", "register", "changePassword"})
"""Each tries a password, or costs as much work: one in a request, so that tries are counted as requests."""
INTROSPECTION = frozenset({"__schema", "__type"})
"""What asks for the schema, of which everybody may know `__typename` only."""
_NESTING_BESIDES_FIELDS = 32  # fragments within fragments: bounds the recursion below

Fragments = dict[str, FragmentDefinitionNode]


def measure(tree: DocumentNode, text: str, fragments: Fragments, limits: Limits) -> None:
    """Refuse what is too large, with the limit in the message. Raises BadRequest."""
    operations = [node for node in tree.definitions if isinstance(node, OperationDefinitionNode)]
    _Measure(fragments, limits).check(operations)
    if "@" in text:
        visit(tree, _Directives(limits))
    for operation in operations:
        if operation.operation is OperationType.MUTATION:
            _check_mutations(list(root_fields(operation, fragments).values()), limits)


def root_fields(operation: OperationDefinitionNode, fragments: Fragments) -> dict[str | int, str]:
    """The fields that the operation resolves at its root, in their order: names by those they are answered under."""
    found: dict[str | int, str] = {}
    _collect(operation.selection_set, fragments, found, set())
    return found


def _collect(selections: SelectionSetNode, fragments: Fragments, found: dict[str | int, str], spread: set[str]) -> None:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            found.setdefault((node.alias or node.name).value, node.name.value)
        elif isinstance(node, InlineFragmentNode):
            _collect(node.selection_set, fragments, found, spread)
        elif isinstance(node, FragmentSpreadNode) and (name := node.name.value) not in spread:
            spread.add(name)
            if name in fragments:
                _collect(fragments[name].selection_set, fragments, found, spread)


def _check_mutations(names: list[str], limits: Limits) -> None:
    if len(names) > limits.document_mutations:
        raise BadRequest(
            400,
            f"A request may hold at most {limits.document_mutations} mutations; this has {len(names)}. Send several.",
        )
    alone = [name for name in names if name in ONE_AT_A_TIME]
    if len(alone) > 1:
        raise BadRequest(400, f"A request may hold {alone[0]} once; this asks {len(alone)} times. Send one at a time.")


class _Directives(Visitor):
    """Counts them: those that a schema does not know cost validation as much as the others."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._limits = limits
        self._count = 0

    def enter(self, node: Node, *_: object) -> None:
        """One node of the document."""
        if isinstance(node, DirectiveNode):
            self._count += 1
            if self._count > self._limits.document_directives:
                raise BadRequest(400, f"A document may have at most {self._limits.document_directives} directives.")
        elif len(getattr(node, "directives", None) or ()) > self._limits.node_directives:
            raise BadRequest(
                400, f"A field or fragment may have at most {self._limits.node_directives} directives: leave some out."
            )


class _Size(NamedTuple):
    """Of a document with its fragments spread out. Repeats are what makes validation slow: its pairs are compared."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    repeats: int = 0

    def beside(self, other: "_Size") -> "_Size":
        """Both, one next to the other."""
        return _Size(
            max(self.depth, other.depth),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.repeats + other.repeats,
        )


class _Measure:
    """Counts each fragment once."""

    def __init__(self, fragments: Fragments, limits: Limits) -> None:
        self._fragments = fragments
        self._limits = limits
        self._counted: dict[str, _Size] = {}

    def check(self, operations: list[OperationDefinitionNode]) -> None:
        """Refuse what is too large, with the limit in the message."""
        limits, size = self._limits, _Size(repeats=len(self._fragments))
        for operation in operations:
            size = size.beside(self._count(operation.selection_set, 1))
        if size.depth > limits.document_depth:
            raise self._too_deep()
        if size.fields > limits.document_fields:
            raise BadRequest(400, f"A document may select at most {limits.document_fields:,} fields.")
        if size.aliases > limits.document_aliases:
            raise BadRequest(400, f"A document may have at most {limits.document_aliases} aliases.")
        if size.repeats > limits.document_repeats:
            raise BadRequest(
                400, f"A document may have at most {limits.document_repeats} fragments, spreads and repeated fields."
            )

    def _count(self, selections: SelectionSetNode | None, nesting: int) -> _Size:
        if selections is None:
            return _Size()
        if nesting > self._limits.document_depth + _NESTING_BESIDES_FIELDS:
            raise self._too_deep()
        size, names = _Size(), set()
        for node in selections.selections:
            if isinstance(node, FragmentSpreadNode):
                inner = self._count_fragment(node.name.value, nesting)
                size = size.beside(inner._replace(repeats=inner.repeats + 1))
                continue
            assert isinstance(node, FieldNode | InlineFragmentNode)
            inner = self._count(node.selection_set, nesting + 1)
            if isinstance(node, FieldNode):
                name = (node.alias or node.name).value
                inner = _Size(
                    inner.depth + 1,
                    inner.fields + 1,
                    inner.aliases + (node.alias is not None),
                    inner.repeats + (name in names),
                )
                names.add(name)
            size = size.beside(inner)
        return size

    def _count_fragment(self, name: str, nesting: int) -> _Size:
        if name not in self._fragments:
            return _Size()
        if name not in self._counted:
            self._counted[name] = _Size()  # a cycle ends here; validation reports it
            self._counted[name] = self._count(self._fragments[name].selection_set, nesting + 1)
        return self._counted[name]

    def _too_deep(self) -> BadRequest:
        return BadRequest(400, f"A document may be at most {self._limits.document_depth} fields deep.")
