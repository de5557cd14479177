"""Builds the schema from root types, and makes its plain fields as cheap as reading an attribute."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import strawberry
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exception_handlers import ExceptionHandler
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from schema.scalars import SCALARS

_BACK_REFERENCE = "strawberry-definition"


def assemble(
    query: type,
    mutation: type | None = None,
    subscription: type | None = None,
    exception_handlers: Iterable[ExceptionHandler[Any]] = (),
) -> strawberry.Schema:
    """The schema of these roots."""
    built = strawberry.Schema(
        query,
        mutation,
        subscription,
        config=StrawberryConfig(scalar_map=SCALARS),
        exception_handlers=exception_handlers,
    )
    _describe(built._schema)
    _drop_null_defaults(built._schema)
    _read_plain_fields(built._schema)
    _build_inputs_directly(built._schema)
    return built


def _describe(schema: GraphQLSchema) -> None:
    """Docstrings are the descriptions that clients read: written once."""
    for kind in schema.type_map.values():
        definition = kind.extensions.get(_BACK_REFERENCE)
        if isinstance(definition, StrawberryObjectDefinition):
            kind.description = kind.description or _doc(definition.origin)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field in kind.fields.values():
                resolver = getattr(field.extensions.get(_BACK_REFERENCE), "base_resolver", None)
                if resolver is not None:
                    field.description = field.description or _doc(resolver.wrapped_func)


def _doc(of: object) -> str | None:
    text = of.__doc__
    return inspect.cleandoc(text) if text else None


def _drop_null_defaults(schema: GraphQLSchema) -> None:
    """An optional argument is simply absent; Strawberry declares Python's None as `= null`."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            inputs: Iterable[Any] = kind.fields.values()
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            inputs = [argument for field in kind.fields.values() for argument in field.args.values()]
        else:
            continue
        for each in inputs:
            if each.default_value is None:
                each.default_value = Undefined


def _read_plain_fields(schema: GraphQLSchema) -> None:
    """Most of an answer's fields are attributes: one getattr instead of Strawberry's three calls."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType):
            for field in kind.fields.values():
                definition = field.extensions.get(_BACK_REFERENCE)
                if isinstance(definition, StrawberryField) and definition.is_basic_field:
                    field.resolve = _reader(definition.python_name)


def _reader(name: str) -> Callable[[Any, Any], Any]:
    def read(source: Any, _info: Any) -> Any:
        return getattr(source, name)

    read.attribute = name  # type: ignore[attr-defined]
    return read


def _build_inputs_directly(schema: GraphQLSchema) -> None:
    """Inputs are made from graphql-core's values with the names worked out once, not anew for every event of usage."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            definition = kind.extensions[_BACK_REFERENCE]
            definition.from_input = _input_builder(kind)


def _input_builder(kind: GraphQLInputObjectType) -> Callable[[type, Mapping[str, Any], object], Any]:
    names = {name: field.extensions[_BACK_REFERENCE].python_name for name, field in kind.fields.items()}
    inner = {
        name: get_named_type(field.type)
        for name, field in kind.fields.items()
        if isinstance(get_named_type(field.type), GraphQLInputObjectType)
    }

    def build(cls: type, given: Mapping[str, Any], context: object = None) -> Any:
        values = {names[name]: value for name, value in given.items()}
        for name, of in inner.items():
            if given.get(name) is not None:
                values[names[name]] = _build_inner(of, given[name])
        return cls(**values)

    return build


def _build_inner(kind: Any, given: Any) -> Any:
    """One, or a list of them."""
    if isinstance(given, list):
        return [_build_inner(kind, one) for one in given]
    definition = kind.extensions[_BACK_REFERENCE]
    return definition.from_input(definition.origin, given)
