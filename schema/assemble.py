"""Builds the schema from root types: described by its docstrings, without defaults that are none."""

import inspect
from collections.abc import Iterable
from typing import Any

import strawberry
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exception_handlers import ExceptionHandler
from strawberry.schema.name_converter import NameConverter
from strawberry.types.base import StrawberryObjectDefinition

from schema.scalars import SCALARS
from schema.shortcuts import BACK_REFERENCE, take_shortcuts


class _Names(NameConverter):
    """As the contract names them."""

    def from_generic(self, object_type: StrawberryObjectDefinition, types: Any) -> str:
        """A page of audit entries is an AuditConnection."""
        return super().from_generic(object_type, types).replace("AuditEntry", "Audit")


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
        config=StrawberryConfig(scalar_map=SCALARS, name_converter=_Names()),
        exception_handlers=exception_handlers,
    )
    _describe(built._schema)
    _drop_null_defaults(built._schema)
    take_shortcuts(built)
    return built


def _describe(schema: GraphQLSchema) -> None:
    """Docstrings are the descriptions that clients read: written once."""
    for kind in schema.type_map.values():
        definition = kind.extensions.get(BACK_REFERENCE)
        if isinstance(definition, StrawberryObjectDefinition):
            kind.description = kind.description or _doc(definition.origin)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field in kind.fields.values():
                resolver = getattr(field.extensions.get(BACK_REFERENCE), "base_resolver", None)
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
