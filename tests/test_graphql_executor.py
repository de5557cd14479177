"""The executor that remembers answers what graphql-core's own answers: values, errors, their order and their places."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from inspect import isawaitable
from random import Random
from typing import Any

import pytest
from graphql import ExecutionResult, execute, parse
from graphql.execution.values import get_variable_values
from hypothesis import given
from hypothesis import strategies as st

from server.graphql_documents import Documents, Plan
from server.graphql_executor import RememberingExecutor
from server.graphql_guard import Limits
from server.graphql_inputs import coerce_variables
from tests.forest import CORE, SCHEMA, Grower, document


def shown(result: ExecutionResult) -> tuple[Any, list[Any]]:
    return result.data, [
        (error.message, error.path, error.locations, type(error.original_error)) for error in result.errors or []
    ]


VARIABLES = {"yes": True}


async def usual(text: str, grow: Callable[[], Any]) -> tuple[Any, list[Any]]:
    executor = SCHEMA.execution_context_class
    result = execute(CORE, parse(text), None, grow, VARIABLES, executor_class=executor)
    return shown(await result if isawaitable(result) else result)


async def ours(plan: Plan, grow: Callable[[], Any]) -> tuple[Any, list[Any]]:
    definitions = plan.node.variable_definitions or ()
    variables = coerce_variables(CORE, plan, VARIABLES) or get_variable_values(CORE, definitions, VARIABLES)
    assert not isinstance(variables, list)
    return shown(await RememberingExecutor(CORE, plan, variables, grow).execute())


async def compare(seed: int, wrong: int) -> None:
    """One document, over several values, so that what was remembered is used."""
    text = document(Random(seed))
    remembered = Documents(CORE, Limits()).get(text)
    if remembered.errors:  # such as one name for two fields
        return
    for again in range(3):
        expected = await usual(text, Grower(seed + again, wrong).tree)
        assert await ours(remembered.select(None), Grower(seed + again, wrong).tree) == expected, text
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)


# graphql-core's own too leaves a coroutine unawaited where it cancels one that has not begun
unbegun = pytest.mark.filterwarnings(
    "ignore:coroutine .* was never awaited:RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What execution has dropped is warned of here, where it is expected, and not while another test runs."""
    yield
    gc.collect()


@unbegun
@given(st.integers(0, 10**9))
def test_good_values_are_answered_alike(seed: int) -> None:
    asyncio.run(compare(seed, 0))


@unbegun
@given(st.integers(0, 10**9), st.sampled_from([2, 10, 40]))
def test_wrong_values_fail_alike(seed: int, wrong: int) -> None:
    asyncio.run(compare(seed, wrong))
