"""Builds the schema from root types, and makes its plain fields as cheap as reading an attribute."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import strawberry
from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, Undefined
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
