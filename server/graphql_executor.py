"""graphql-core's executor, which remembers from one execution of a document to the next what does not change.

Attributes are read without the machinery of resolvers; whatever is out of the ordinary goes the usual way, so that
answers and errors are the same.
"""

from collections.abc import Awaitable
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, OperationType, Undefined
from graphql.execution import Executor, default_field_resolver, default_type_resolver
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet, collect_fields
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, gather_with_cancel
from graphql.type import GraphQLObjectType, GraphQLOutputType
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from server.graphql_documents import Plan
from server.graphql_steps import Step, Way, steps_of

LEAF, OBJECT, OBJECTS, TYPENAME = Way.LEAF, Way.OBJECT, Way.OBJECTS, Way.TYPENAME


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
            hide_suggestions=True,
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

    def collect_and_execute_subfields(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """The seam: an object's fields, by their steps."""
        if not self._plan.is_fixed:
            return super().collect_and_execute_subfields(
                return_type, field_details_list, path, result, position_context
            )
        return self._take(return_type, self._steps(return_type, field_details_list), result, path)

    def _root_fields(self, root_type: GraphQLObjectType) -> GroupedFieldSet:
        plan = self._plan
        if plan.root_fields is not None:
            return plan.root_fields
        collected = collect_fields(self.schema, self.fragments, self.variable_values, root_type, self.operation)
        if plan.is_fixed:
            plan.root_fields = collected.grouped_field_set
        return collected.grouped_field_set

    def _steps(self, parent_type: GraphQLObjectType, details: FieldDetailsList) -> list[Step]:
        key = (parent_type, id(details))  # the plan keeps the list alive
        steps: list[Step] | None = self._plan.steps.get(key)
        if steps is None:
            fields = self.collect_subfields(parent_type, details).grouped_field_set
            steps = self._plan.steps[key] = steps_of(self.schema, parent_type, fields)
        return steps

    def _take(self, parent_type: GraphQLObjectType, steps: list[Step], source: Any, path: Path) -> Any:
        """The answers of all steps, by name; a coroutine of them where one has to be waited for."""
        answers: dict[str, Any] = {}
        awaited: list[str] = []
        try:
            for step in steps:
                way = step.way
                if way is LEAF:
                    answer = _leaf(step, source)
                elif way is TYPENAME:
                    answer = parent_type.name
                elif way is OBJECT or way is OBJECTS:
                    answer = self._objects(parent_type, step, source, path)
                else:
                    answer = Undefined
                if answer is Undefined:
                    answer = self.execute_field(
                        parent_type, source, step.details, Path(path, step.name, parent_type.name), None
                    )
                    if self.is_awaitable(answer):
                        awaited.append(step.name)
                elif way is not LEAF and self.is_awaitable(answer):
                    awaited.append(step.name)
                answers[step.name] = answer
        except Exception:
            self.settle_in_background([answers[name] for name in awaited])
            raise
        return self._wait(answers, awaited) if awaited else answers

    def _objects(self, parent_type: GraphQLObjectType, step: Step, source: Any, path: Path) -> Any:
        """What an attribute leads to; Undefined where it is not plainly what it should be."""
        try:
            value = getattr(source, step.attribute)
        except Exception:
            return Undefined
        if value is None and step.nullable:
            return None
        here = Path(path, step.name, parent_type.name)
        if step.way is OBJECT:
            return self._child(step.return_type, step, value, here) if type(value) in step.classes else Undefined
        if type(value) is list and all(type(item) in step.classes for item in value):
            return self._children(step, value, here)
        return Undefined

    def _child(self, return_type: GraphQLOutputType, step: Step, source: Any, path: Path) -> Any:
        object_type = step.object_type
        assert object_type is not None
        try:
            answers = self._take(object_type, self._steps(object_type, step.details), source, path)
        except Exception as error:
            return self.handle_field_error(error, return_type, step.details, path)
        return answers if type(answers) is dict else self._guarded(answers, return_type, step, path)

    def _children(self, step: Step, sources: list[Any], path: Path) -> Any:
        assert step.item_type is not None
        answers: dict[int, Any] = {}
        try:
            for index, source in enumerate(sources):
                answers[index] = self._child(step.item_type, step, source, Path(path, index, None))
        except Exception as error:
            self.settle_in_background([answer for answer in answers.values() if self.is_awaitable(answer)])
            return self.handle_field_error(error, step.return_type, step.details, path)
        awaited = [index for index, answer in answers.items() if self.is_awaitable(answer)]
        if not awaited:
            return list(answers.values())
        return self._guarded(self._listed(answers, awaited), step.return_type, step, path)

    async def _listed(self, answers: dict[int, Any], awaited: list[int]) -> list[Any]:
        return list((await self._wait(answers, awaited)).values())

    async def _guarded(self, answers: Awaitable[Any], return_type: GraphQLOutputType, step: Step, path: Path) -> Any:
        try:
            return await answers
        except Exception as error:
            return self.handle_field_error(error, return_type, step.details, path)

    async def _wait(self, answers: dict[Any, Any], awaited: list[Any]) -> dict[Any, Any]:
        if len(awaited) == 1:
            answers[awaited[0]] = await answers[awaited[0]]
        else:
            answers.update(zip(awaited, await gather_with_cancel(*(answers[key] for key in awaited)), strict=True))
        return answers


def _leaf(step: Step, source: Any) -> Any:
    """The answer, or Undefined: the usual way then finds what is wrong, and reports it."""
    try:
        value = getattr(source, step.attribute)
        if type(value) is step.exact:
            return value
        if value is None and step.nullable:
            return None
        return step.show(value) if step.show else Undefined
    except Exception:
        return Undefined
