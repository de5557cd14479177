"""Strawberry's resolvers without what this schema does not use: the same answers for a fraction of the time.

Names, arguments and inputs are worked out once instead of for every request (and every event of usage in it).
"""

from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import GraphQLField, GraphQLInputObjectType, GraphQLObjectType, get_named_type
from strawberry.schema.exception_handlers import ExceptionHandler
from strawberry.types.field import StrawberryField

BACK_REFERENCE = "strawberry-definition"
Handlers = tuple[tuple[tuple[type[Exception], ...], ExceptionHandler[Any]], ...]


def take_shortcuts(built: strawberry.Schema) -> None:
    """Replace the resolvers of the schema, but for subscriptions and those that Strawberry extends."""
    schema, converter = built._schema, built.schema_converter
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            kind.extensions[BACK_REFERENCE].from_input = _input_builder(kind)
        elif isinstance(kind, GraphQLObjectType) and kind is not schema.subscription_type:
            for field in kind.fields.values():
                definition = field.extensions.get(BACK_REFERENCE)
                if isinstance(definition, StrawberryField):
                    handlers = converter._get_field_exception_handlers(definition)
                    field.resolve = _shortcut(field, definition, handlers) or field.resolve


def _shortcut(field: GraphQLField, definition: StrawberryField, handlers: Handlers) -> Callable[..., Any] | None:
    if definition.is_basic_field and not handlers:
        return _reader(definition.python_name)
    resolver = definition.base_resolver
    if resolver is None or definition.extensions or resolver.root_parameter or resolver.parent_parameter:
        return None
    if handlers and not definition.is_async:
        return None
    call = _caller(field, definition)
    return _handling(call, definition, handlers) if handlers else call


def _reader(name: str) -> Callable[[Any, Any], Any]:
    def read(source: Any, _info: Any) -> Any:
        return getattr(source, name)

    read.attribute = name  # type: ignore[attr-defined]
    return read


def _caller(field: GraphQLField, definition: StrawberryField) -> Callable[..., Any]:
    resolver = definition.base_resolver
    assert resolver is not None
    function: Callable[..., Any] = resolver.wrapped_func  # type: ignore[assignment]
    takes_source = resolver.self_parameter is not None
    info_name = resolver.info_parameter.name if resolver.info_parameter else None
    names = {name: argument.extensions[BACK_REFERENCE].python_name for name, argument in field.args.items()}
    inputs = _inputs_of(field.args)

    def call(source: Any, info: Any, **given: Any) -> Any:
        values = {names[name]: value for name, value in given.items()}
        for name, kind in inputs.items():
            if name in given:
                values[names[name]] = _build(kind, given[name])
        if info_name is not None:
            values[info_name] = strawberry.Info(_raw_info=info, _field=definition)
        return function(source, **values) if takes_source else function(**values)

    return call


def _handling(
    call: Callable[..., Awaitable[Any]], definition: StrawberryField, handlers: Handlers
) -> Callable[..., Awaitable[Any]]:
    async def resolve(source: Any, info: Any, **given: Any) -> Any:
        try:
            return await call(source, info, **given)
        except Exception as raised:
            for kinds, handler in handlers:
                if isinstance(raised, kinds):
                    about = strawberry.Info(_raw_info=info, _field=definition)
                    answer = handler.handle(raised, field=definition, info=about)
                    answer = await answer if isawaitable(answer) else answer
                    if answer is not None:
                        return answer
                    break
            raise

    return resolve


def _inputs_of(fields: Mapping[str, Any]) -> dict[str, GraphQLInputObjectType]:
    kinds = {name: get_named_type(field.type) for name, field in fields.items()}
    return {name: kind for name, kind in kinds.items() if isinstance(kind, GraphQLInputObjectType)}


def _input_builder(kind: GraphQLInputObjectType) -> Callable[[type, Mapping[str, Any], object], Any]:
    names = {name: field.extensions[BACK_REFERENCE].python_name for name, field in kind.fields.items()}
    inputs = _inputs_of(kind.fields)

    def build(cls: type, given: Mapping[str, Any], context: object = None) -> Any:
        values = {names[name]: value for name, value in given.items()}
        for name, inner in inputs.items():
            if name in given:
                values[names[name]] = _build(inner, given[name])
        return cls(**values)

    return build


def _build(kind: GraphQLInputObjectType, given: Any) -> Any:
    """An input, a list of them, or null, from graphql-core's values."""
    if given is None:
        return None
    if isinstance(given, list):
        return [_build(kind, one) for one in given]
    definition = kind.extensions[BACK_REFERENCE]
    return definition.from_input(definition.origin, given, None)
