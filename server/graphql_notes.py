"""An executor that notes which root fields an operation had, and what became of each."""

from collections.abc import Mapping

import structlog
from graphql import ExecutionResult, OperationType

from resolvers.noting import NOTES, Notes
from server.graphql_documents import Plan
from server.graphql_errors import code_of
from server.graphql_executor import RememberingExecutor
from server.traffic import TRAFFIC

LONGEST_NAME = 64
"""Of an operation, in the log."""
_OUTCOMES_OF_SIGN_IN = {"NotPossible": "wrong", "RATE_LIMITED": "limited", "BAD_USER_INPUT": "wrong"}

log = structlog.get_logger()


class NotingExecutor(RememberingExecutor):
    """The executor that the server uses."""

    async def execute(self) -> ExecutionResult:
        """The answer, noted."""
        result = await super().execute()
        if (notes := NOTES.get()) is not None:
            _note(notes, self._plan, result)
        return result


def _note(notes: Notes, plan: Plan, result: ExecutionResult) -> None:
    names = notes.fields = plan.names
    if plan.node.name is not None:
        notes.operation = plan.node.name.value[:LONGEST_NAME]
    refused = notes.refused_fields or {}
    for error in result.errors or ():
        if error.path:
            refused.setdefault(error.path[0], code_of(error))
    operation = plan.node.operation.value
    for key in result.data or _reached(plan, refused):
        name, outcome = names.get(key), refused.get(key, "ok")
        if name is not None:
            TRAFFIC.fields[operation, name, outcome] += 1
        if name == "signIn":
            _signed_in(outcome, notes)


def _reached(plan: Plan, refused: Mapping[str | int, str]) -> list[str | int]:
    """Of an answer that one error left nothing of: what failed and, of mutations, what was done before."""
    keys = list(plan.names)
    if plan.node.operation is not OperationType.MUTATION:
        return [key for key in keys if key in refused]
    last = max((number for number, key in enumerate(keys) if key in refused), default=-1)
    return keys[: last + 1]


def _signed_in(outcome: str, notes: Notes) -> None:
    TRAFFIC.sign_ins[told := _OUTCOMES_OF_SIGN_IN.get(outcome, outcome if outcome == "ok" else "failed")] += 1
    if told != "ok":
        log.warning("sign-in failed", why=told, address=notes.context.address if notes.context else None)
