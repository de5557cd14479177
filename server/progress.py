"""How far a command is: a bar on a terminal, elsewhere a line whenever a tenth more is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Show = Callable[[int], None]


@contextmanager
def progress(doing: str, total: int, line: Callable[[int], str]) -> Iterator[Show]:
    """To be told how much is done; `doing` names the bar, `line` says it where there is none."""
    console = Console()
    if not console.is_terminal:
        yield _lines(total, line)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda done: bar.update(task, total=max(total, done), completed=done)


def _lines(total: int, line: Callable[[int], str]) -> Show:
    told = 0

    def show(done: int) -> None:
        nonlocal told
        tenths = done * 10 // max(total, 1)
        if tenths > told:
            told = tenths
            typer.echo(line(done))

    return show
