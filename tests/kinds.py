"""Inputs, arguments and refusals of every kind. Loaded twice: types remember the schema that they were built into."""

from enum import Enum
from typing import Annotated, Any

import strawberry

from schema.scalars import Minor


class TooMuch(Exception):  # noqa: N818
    pass


class Declined(TooMuch):
    pass


@strawberry.enum
class Color(Enum):
    RED = "r"
    BLUE = "b"


@strawberry.input
class Part:
    color: Color = Color.RED
    amount_minor: Minor
    tags: list[str] | None = None


@strawberry.input
class Whole:
    main: Part
    spare: Part | None = None
    rest: list[Part] = strawberry.field(default_factory=list)
    sparse: list[Part | None] | None = strawberry.field(default=None, name="holes")
    dry_run: bool = False


@strawberry.type
class Done:
    seen: str


@strawberry.type
class Refused:
    message: str


class Handler:
    exception_type = TooMuch
    error_type = Refused

    def handle(self, exception: TooMuch, *, field: Any, info: strawberry.Info[Any, Any]) -> Refused | None:
        return None if isinstance(exception, Declined) else Refused(message=f"{info.field_name}: {exception}")


Result = Annotated[Done | Refused, strawberry.union("Result")]


def look(whole: Whole, info: strawberry.Info[Any, Any]) -> Done:
    if whole.main.amount_minor > 100:
        raise TooMuch(whole.main.amount_minor)
    if whole.main.amount_minor < 0:
        raise Declined(whole.main.amount_minor)
    if whole.main.amount_minor == 0:
        raise KeyError("zero")
    return Done(seen=f"{whole} by {info.context} in {info.python_name}")


@strawberry.type
class Query:
    @strawberry.field
    def show(
        self,
        colors: list[Color],
        where: Annotated[Part | None, strawberry.argument(name="filter")] = None,
        first: int | None = 50,
    ) -> str:
        return f"{self} {colors} {where} {first}"

    @strawberry.field
    async def twice(self, info: strawberry.Info[Any, Any], text: str = "a") -> str:
        return f"{text}{text} by {info.context}"

    @strawberry.field
    @staticmethod
    def fixed(number: int) -> int:
        return number


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def do(self, info: strawberry.Info[Any, Any], input: Whole) -> Result:  # noqa: A002
        return look(input, info)

    @strawberry.mutation
    def do_now(self, info: strawberry.Info[Any, Any], input: Whole) -> Result:  # noqa: A002
        return look(input, info)
