"""The GraphQL operations that the program itself asks for: executed as clients' are, without HTTP between."""

from pathlib import Path
from typing import Any

from graphql.execution.values import get_variable_values
from strawberry import Schema

from resolvers.context import RequestContext
from server.graphql_documents import MOST_ERRORS, Documents
from server.graphql_guard import Limits
from server.graphql_inputs import coerce_variables
from server.graphql_notes import NotingExecutor

_NO_BOUND = Limits(document_aliases=1_000, document_repeats=1_000)


class OwnOperations:
    """Those of one file."""

    def __init__(self, schema: Schema, file: Path) -> None:
        self._schema = schema._schema
        self._document = Documents(self._schema, _NO_BOUND).get(file.read_text(encoding="utf-8"))
        assert not self._document.errors, self._document.errors

    async def run(self, name: str, variables: dict[str, Any], context: RequestContext) -> Any:
        """The value of its one root field, made plain as the file says. Raises its first error."""
        plan = self._document.select(name)
        values = coerce_variables(self._schema, plan, variables) or get_variable_values(
            self._schema, plan.node.variable_definitions or (), variables, max_errors=MOST_ERRORS, hide_suggestions=True
        )
        if isinstance(values, list):
            raise values[0]
        result = await NotingExecutor(self._schema, plan, values, context).execute()
        if result.errors:
            raise result.errors[0]
        assert result.data is not None, "there is no error"
        (answer,) = result.data.values()
        return _plain(answer)


def _plain(value: Any) -> Any:
    match value:
        case {"answer": inner}:
            return _plain(inner)
        case {"edges": inner} | {"node": inner} if len(value) == 1:
            return _plain(inner)
        case {"pageInfo": {"hasNextPage": goes_on, "endCursor": end}, **page}:
            return {**_plain(page), "next": end if goes_on else None}
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
    return value
