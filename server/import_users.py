"""`tijori import-users`: users from a file of comma-separated values, all or none, and a report of what is wrong."""

import hashlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path

import typer

from domain import access
from domain.imports import read_people
from domain.refusals import BadInput, NotPossible, Unavailable
from server.command_store import on_store, patient_store
from server.output import printable
from server.progress import Show, progress
from server.settings import Settings, SetupError
from server.stopping import INTERRUPTED, stopping
from services.clock import Clock
from services.identity import new_uuid
from services.imports import Imported, Source, Tell, import_users

MOST_BYTES = 50_000_000
REFUSED, UNREADABLE = 1, 2
WHAT_TO_DO = "Correct these lines and try with --dry-run first, or import the others with --skip-bad."
HOW_TO_SAVE = 'save it as "CSV UTF-8"'


class UnreadableError(Exception):
    """The message is one line that says why and what to do."""


class StoppedError(Exception):
    """By Ctrl-C."""


@dataclass(frozen=True)
class Asked:
    """A file's content, and what is to be done with it."""

    content: bytes
    source: Source
    skip_bad: bool
    dry_run: bool


def import_file(settings: Settings, file: Path, *, skip_bad: bool, dry_run: bool) -> int:
    """The exit code: 1 where it is refused, 2 where the file cannot be read. SetupError where the store cannot be."""
    try:
        content, lines = _read(file)
        source = Source(new_uuid(), file.name, hashlib.sha256(content).hexdigest(), lines)
        asked = Asked(content, source, skip_bad, dry_run)
        return _report(asked, on_store(settings, lambda url: _import(url, asked)))
    except UnreadableError as why:
        typer.echo(f"tijori: {file}: {why}", err=True)
        return UNREADABLE
    except (BadInput, NotPossible) as why:
        typer.echo(f"{printable(file.name)}: {why}\nNothing was imported.", err=True)
        return REFUSED
    except (KeyboardInterrupt, StoppedError):
        typer.echo("interrupted: nothing was imported")
        return INTERRUPTED
    except Unavailable as why:
        raise SetupError(f"{why} All of the file was imported or nothing: `--dry-run` says which") from None


async def _import(url: str, asked: Asked) -> Imported:
    people = read_people(TextIOWrapper(BytesIO(asked.content), encoding="utf-8-sig", newline=""))
    async with patient_store(url):
        with stopping() as stopped, _telling(stopped) as tell:
            return await import_users(
                Clock(), access.SYSTEM, asked.source, people, tell, skip_bad=asked.skip_bad, dry_run=asked.dry_run
            )


@contextmanager
def _telling(stopped: Callable[[], bool]) -> Iterator[Tell]:
    """A bar for each thing that is done, one after the other."""
    bars: dict[str, Show] = {}
    with ExitStack() as stack:

        def tell(what: str, done: int, total: int) -> None:
            if stopped():
                raise StoppedError
            if what not in bars:
                stack.close()
                line = f"{what} {{}} of {total} lines"
                bars[what] = stack.enter_context(progress(what, total, line.format))
            bars[what](done)

        yield tell


def _read(file: Path) -> tuple[bytes, int]:
    """All of it, and how many lines it has."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableError(error.strerror) from None
    if len(content) > MOST_BYTES:
        raise UnreadableError(
            f"is larger than {MOST_BYTES // 1_000_000} MB: split it, the first line on top of each part"
        )
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise UnreadableError(f"is in UTF-16: {HOW_TO_SAVE}")
    number = 0
    for number, line in enumerate(BytesIO(content), 1):
        try:
            line.decode()
        except UnicodeDecodeError:
            raise UnreadableError(f"line {number} is not in UTF-8: {HOW_TO_SAVE}") from None
    return content, number


def _report(asked: Asked, answer: Imported) -> int:
    _show_problems(answer)
    name, bad = printable(asked.source.name), answer.bad_lines
    if answer.done:
        left_out = f", and left out {bad} lines" if bad else ""
        typer.echo(f"Imported {answer.users} users{left_out}")
        typer.echo("Run `tijori create-missing-wallets` to give them wallets")
        return 0
    found = f", and {bad} lines that cannot be imported" if bad else ""
    typer.echo(f"Found {answer.users} users in {name}{found}")
    if asked.dry_run:
        typer.echo("DRY RUN MODE - No users will be created")
    if bad and not asked.skip_bad:
        typer.echo(f"Nothing was imported. {WHAT_TO_DO}", err=True)
        return REFUSED
    return 0


def _show_problems(answer: Imported) -> None:
    for problem in answer.problems:
        typer.echo(f"line {problem.line}: {printable(problem.what)}", err=True)
    more = answer.bad_lines - len({problem.line for problem in answer.problems})
    if more:
        typer.echo(f"... and {more} more lines", err=True)
