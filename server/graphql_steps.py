"""How the fields of a selection are answered, worked out once: most are attributes that need no machinery."""

from collections.abc import Callable, Collection
from enum import Enum, auto
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_nullable_type,
    is_list_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from strawberry.types.base import StrawberryObjectDefinition

from schema.scalars import SCALARS

EXACT: dict[str, type] = {"String": str, "ID": str, "Boolean": bool}
_STRICT = {"Int", *(scalar.name for scalar in SCALARS.values())}
"""Those that show nothing but what is theirs: no None, no exception, nothing to be awaited."""


class Way(Enum):
    """How a field is answered."""

    USUAL = auto()
    TYPENAME = auto()
    LEAF = auto()
    OBJECT = auto()
    OBJECTS = auto()


class Step(NamedTuple):
    """One field of a selection. All but USUAL ones are attributes of their source."""

    way: Way
    name: str
    details: FieldDetailsList
    return_type: GraphQLOutputType
    attribute: str = ""
    exact: type | None = None
    """Values of exactly this class are answered as they are."""
    show: Callable[[Any], Any] | None = None
    object_type: GraphQLObjectType | None = None
    item_type: GraphQLOutputType | None = None
    classes: Collection[type] = ()
    """Of the objects that need no check; anything else is answered in the usual way."""

    @property
    def nullable(self) -> bool:
        """Whether None is an answer."""
        return not isinstance(self.return_type, GraphQLNonNull)


def steps_of(schema: GraphQLSchema, parent_type: GraphQLObjectType, fields: GroupedFieldSet) -> list[Step]:
    """The steps of a selection on a type."""
    steps = []
    for name, details in fields.items():
        field = schema.get_field(parent_type, details[0].node.name.value)
        if field is not None:  # else the usual way leaves it out too
            steps.append(_step(name, details, field))
    return steps


def _step(name: str, details: FieldDetailsList, field: GraphQLField) -> Step:
    usual = Step(Way.USUAL, name, details, field.type)
    node = details[0].node
    if node.name.value == "__typename":
        return usual._replace(way=Way.TYPENAME)
    attribute = getattr(field.resolve, "attribute", None)
    if attribute is None or field.args or node.arguments:
        return usual
    plain = usual._replace(attribute=attribute)
    inner: Any = get_nullable_type(field.type)
    if is_list_type(inner):
        return _list_step(plain, inner.of_type) if is_object_type(get_nullable_type(inner.of_type)) else usual
    if inner.name in EXACT:
        return plain._replace(way=Way.LEAF, exact=EXACT[inner.name])
    if inner.name in _STRICT or isinstance(inner, GraphQLEnumType):
        return plain._replace(way=Way.LEAF, show=_shower(inner))
    if is_object_type(inner):
        return plain._replace(way=Way.OBJECT, object_type=inner, classes=_classes(inner))
    return usual


def _list_step(plain: Step, item_type: Any) -> Step:
    item = get_nullable_type(item_type)
    return plain._replace(way=Way.OBJECTS, item_type=item_type, object_type=item, classes=_classes(item))


def _shower(leaf: Any) -> Callable[[Any], Any]:
    if isinstance(leaf, GraphQLEnumType):
        members = {leaf.coerce_input_value(name): name for name in leaf.values}
        return members.__getitem__  # Strawberry's own looks through all of them
    show: Callable[[Any], Any] = leaf.coerce_output_value
    return show


def _classes(of: GraphQLObjectType) -> frozenset[type]:
    """The class that Strawberry made the type from, or the generic one behind it."""
    definition = of.extensions.get("strawberry-definition")
    if not isinstance(definition, StrawberryObjectDefinition):
        return frozenset()
    generic = definition.concrete_of
    return frozenset({definition.origin, generic.origin} if generic else {definition.origin})
