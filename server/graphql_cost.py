"""How many objects a document can lead to, worked out from its lists before anything is read from the store."""

from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
)

from domain.ledger import InvoiceStatus
from domain.rehearsal import MOST_MONTHS
from resolvers.nodes import MOST_NODES
from resolvers.paging import DEFAULT, MOST
from resolvers.subscriptions import MOST_IDS
from resolvers.wallet_references import MOST_REFERENCES
from server.graphql_measure import root_fields

OF_A_PAGE = 10
"""A page is a statement of its own, so it counts as ten objects besides its entries."""
OF_A_ROOT_FIELD = 10
"""Each is a statement, or several, of its own, by whatever name it is asked for."""
OF_A_MUTATION = 100
"""A database transaction."""
OF_ROOT_FIELDS = {
    "verification": 1_000,
    "runBilling": 1_000,
    "priceRehearsal": 500,
    "overview": 100,
    "lockRisks": 400,
    "nodes": MOST_NODES * OF_A_ROOT_FIELD,
    "passwordStrength": 500,
}
"""Those that walk through a log, or through all tenants, or work out each tenant of a page anew."""
OF_EDGES = {("Tenant", "usageByDay"): 250, ("Wallet", "explain"): 100}
"""Those that add up a month's events, or thousands of a log's lines: on top of what they lead to."""
OF_A_LIST = 25
"""Of lists without pages (an operation's transactions, an invoice's lines), which are mostly shorter."""
_LISTS = {
    ("PriceRehearsal", "months"): MOST_MONTHS,
    ("RehearsedTenant", "months"): MOST_MONTHS,
    ("Subscription", "walletsChanged"): MOST_IDS,
    ("BillingPayload", "invoices"): MOST,
    ("MonthAmounts", "statuses"): len(InvoiceStatus),
    ("Query", "nodes"): MOST_NODES,
    ("Query", "walletsOf"): MOST_REFERENCES,
}
_COUNT = "totalCount"


class Cost(NamedTuple):
    """Objects that a selection leads to: by itself, and for each entry of the page that it belongs to."""

    once: int = 0
    per_entry: int = 0


class CostOf:
    """The cost of one document's operations. Each fragment is counted once; what is unknown is left to validation."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        nodes = document.definitions
        self._fragments = {node.name.value: node for node in nodes if isinstance(node, FragmentDefinitionNode)}
        self._operations = [node for node in nodes if isinstance(node, OperationDefinitionNode)]
        self._counted: dict[str, Cost] = {}

    def dearest(self) -> int:
        """Of the operations, of which one is executed."""
        return max((self._operation(operation) for operation in self._operations), default=0)

    def _operation(self, operation: OperationDefinitionNode) -> int:
        root = self._schema.get_root_type(operation.operation)
        if root is None:
            return 0
        least = OF_A_MUTATION if operation.operation is OperationType.MUTATION else OF_A_ROOT_FIELD
        names = root_fields(operation, self._fragments).values()
        resolved = sum(OF_ROOT_FIELDS.get(name, least) for name in names if name in root.fields)
        return resolved + self._selections(operation.selection_set, root).once

    def _selections(self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None) -> Cost:
        once = per_entry = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                cost = self._field(node, parent)
            elif isinstance(node, FragmentSpreadNode):
                cost = self._fragment(node.name.value)
            else:
                assert isinstance(node, InlineFragmentNode)
                condition = node.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else parent
                cost = self._selections(node.selection_set, inner)
            once, per_entry = once + cost.once, per_entry + cost.per_entry
        return Cost(once, per_entry)

    def _fragment(self, name: str) -> Cost:
        if name not in self._counted:
            self._counted[name] = Cost()  # a cycle ends here; validation reports it
            if fragment := self._fragments.get(name):
                condition = self._schema.get_type(fragment.type_condition.name.value)
                self._counted[name] = self._selections(fragment.selection_set, condition)
        return self._counted[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Cost:
        name = node.name.value
        field: GraphQLField | None = getattr(parent, "fields", {}).get(name)
        if field is None or parent is None:
            return Cost()
        if name == _COUNT:
            return Cost(OF_A_PAGE)
        kind = get_named_type(field.type)
        if not is_composite_type(kind):
            return Cost()
        inner = self._selections(node.selection_set, kind)
        if "first" in field.args and _is_list(field.type):
            return Cost(OF_A_PAGE + _size_of_page(node, field) * (1 + inner.once))
        if "first" in field.args:
            return Cost(OF_A_PAGE + inner.once + _size_of_page(node, field) * inner.per_entry)
        if name == "edges":
            return Cost(0, 1 + inner.once)
        many = _LISTS.get((parent.name, name), OF_A_LIST) if _is_list(field.type) else 1
        return Cost(OF_EDGES.get((parent.name, name), 0) + many * (1 + inner.once))


def _is_list(kind: GraphQLOutputType) -> bool:
    return isinstance(get_nullable_type(kind), GraphQLList)


def _size_of_page(node: FieldNode, field: GraphQLField) -> int:
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    asked = [given[name] for name in ("first", "last") if name in given]
    if not asked:
        default = field.args["first"].default_value
        return default if isinstance(default, int) else DEFAULT
    return max(map(_most_of, asked))


def _most_of(value: ValueNode) -> int:
    if isinstance(value, NullValueNode):
        return DEFAULT
    if isinstance(value, IntValueNode) and len(value.value) <= len(str(MOST)):
        return max(0, min(MOST, int(value.value)))
    return MOST  # a variable can be anything up to that
