"""Variables as graphql-core coerces them, each type's way worked out once: a request may bring thousands of values.

What is valid becomes the same value; whatever is not, or is out of the ordinary, is left to graphql-core.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    is_leaf_type,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from graphql.utilities import coerce_input_value
from graphql.utilities.coerce_input_value import coerce_default_value

from server.graphql_documents import MOST_ERRORS, Plan, Variable
from server.graphql_steps import EXACT

_NO_VARIABLES = VariableValues({}, {})
Coerce = Callable[[Any], Any]
"""The value, or Undefined where it is not one of the type."""


def read_variables(
    schema: GraphQLSchema, plan: Plan, given: dict[str, Any] | None, *, suggest: bool = False
) -> VariableValues | list[GraphQLError]:
    """The values, or why they are not valid; with `suggest`, what may have been meant."""
    definitions = plan.node.variable_definitions
    if not definitions:
        return _NO_VARIABLES
    values = coerce_variables(schema, plan, given or {})
    return values or get_variable_values(
        schema, definitions, given or {}, max_errors=MOST_ERRORS, hide_suggestions=not suggest
    )


def coerce_variables(schema: GraphQLSchema, plan: Plan, given: dict[str, Any]) -> VariableValues | None:
    """The values, where all that are needed are given and valid; None leaves defaults and errors to graphql-core."""
    if plan.variables is None:
        found = [get_variable_signature(schema, node) for node in plan.node.variable_definitions or ()]
        plan.variables = [Variable(one, _coercer(one.type, {})) for one in found if not isinstance(one, GraphQLError)]
    sources, coerced = {}, {}
    for signature, coerce in plan.variables:
        name = signature.name
        if name not in given:
            if signature.default is not None or isinstance(signature.type, GraphQLNonNull):
                return None
            sources[name] = VariableValueSource(signature)
            continue
        value = coerce(given[name])
        if value is Undefined:
            return None
        sources[name], coerced[name] = VariableValueSource(signature, given[name]), value
    return VariableValues(sources, coerced)


def _coercer(kind: GraphQLInputType, known: dict[GraphQLInputType, Coerce]) -> Coerce:
    """What coerce_input_value does, for the values of one type."""
    if isinstance(kind, GraphQLNonNull):
        inner: Any = kind.of_type
        if is_leaf_type(inner):
            return _leaf_coercer(inner, Undefined)
        return _list_coercer(inner, known) if isinstance(inner, GraphQLList) else _object_coercer(inner, known)
    if is_leaf_type(kind):
        return _leaf_coercer(kind, None)
    coerce = _coercer(GraphQLNonNull(kind), known)
    return lambda value: None if value is None else coerce(value)


def _leaf_coercer(kind: GraphQLLeafType, null: Any) -> Coerce:
    exact, coerce = EXACT.get(kind.name), kind.coerce_input_value

    def leaf(value: Any) -> Any:
        if type(value) is exact:
            return value
        if value is None:
            return null
        try:
            return coerce(value)
        except Exception:
            return Undefined

    return leaf


def _list_coercer(kind: GraphQLList[Any], known: dict[GraphQLInputType, Coerce]) -> Coerce:
    coerce = _coercer(kind.of_type, known)

    def items(value: Any) -> Any:
        if type(value) is not list:
            return Undefined if value is None else coerce_input_value(value, kind)
        values = []
        for given in value:
            one = coerce(given)
            if one is Undefined:
                return Undefined
            values.append(one)
        return values

    return items


class _Field(NamedTuple):
    """Of an input object. `absent`: its default, or Undefined; then it is left out."""

    name: str
    out_name: str
    required: bool
    absent: Any
    coerce: Coerce


def _object_coercer(kind: GraphQLInputObjectType, known: dict[GraphQLInputType, Coerce]) -> Coerce:
    if kind.is_one_of:
        return lambda value: Undefined if value is None else coerce_input_value(value, kind)
    if kind in known:
        return known[kind]
    names, build, fields = kind.fields.keys(), kind.out_type, list[_Field]()

    def members(value: Any) -> Any:
        if type(value) is not dict or not value.keys() <= names:
            return Undefined
        coerced = {}
        for name, out_name, required, absent, coerce in fields:
            if name in value:
                one = coerce(value[name])
                if one is Undefined:
                    return Undefined
            elif required:
                return Undefined
            elif (one := absent) is Undefined:
                continue
            coerced[out_name] = one
        return build(coerced)

    known[kind] = members  # before its fields, which may be of its own type
    fields += [
        _Field(
            name, field.out_name or name, is_required_input_field(field), coerce_default_value(field),
            _coercer(field.type, known),
        )
        for name, field in kind.fields.items()
    ]  # fmt: skip
    return members
