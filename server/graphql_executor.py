"""graphql-core's executor, which remembers from one execution of a document to the next what does not change."""

from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, OperationType
from graphql.execution import Executor, default_field_resolver, default_type_resolver
from graphql.execution.collect_fields import GroupedFieldSet, collect_fields
from graphql.execution.values import VariableValues
from graphql.type import GraphQLObjectType
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from server.graphql_documents import Plan


class RememberingExecutor(Executor[Any]):
    """One execution of a plan. Resolvers get the info that Strawberry's own executor gives them."""

    operation_extensions = None
    build_resolve_info = StrawberryGraphQLCoreExecutionContext.build_resolve_info

    def __init__(self, schema: GraphQLSchema, plan: Plan, variables: VariableValues, context: Any) -> None:
        super().__init__(
            schema,
            plan.definitions,
            plan.fragments,
            None,
            context,
            plan.node,
            variables,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
        )
        self._plan = plan
        if plan.is_fixed:
            self._relevant_sub_fields = plan.sub_fields

    async def execute(self) -> ExecutionResult:
        """The answer; errors of fields are in it."""
        operation = self.operation.operation
        root_type = self.schema.get_root_type(operation)
        assert root_type is not None, "validated"
        execute_fields = self.execute_fields_serially if operation is OperationType.MUTATION else self.execute_fields
        try:
            data: Any = execute_fields(root_type, None, None, self._root_fields(root_type), None)
            if self.is_awaitable(data):
                data = await data
        except GraphQLError as error:
            self.collected_errors.add(error, None)
            data = None
        return ExecutionResult(data, self.collected_errors.errors or None)

    def _root_fields(self, root_type: GraphQLObjectType) -> GroupedFieldSet:
        plan = self._plan
        if plan.root_fields is not None:
            return plan.root_fields
        collected = collect_fields(self.schema, self.fragments, self.variable_values, root_type, self.operation)
        if plan.is_fixed:
            plan.root_fields = collected.grouped_field_set
        return collected.grouped_field_set
