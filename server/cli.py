"""The command line: `tijori COMMAND` or `python manage.py COMMAND`. Each command is a few lines over the services."""

import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from server.settings import SetupError, load, show

app = typer.Typer(
    help="Tijori: prepaid wallets and usage billing.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command, also spelled with underscores; what the operator can mend is one line and exit code 1."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends a command as Ctrl-C does: everything is closed
    command, options = sys.argv[1:2], sys.argv[2:]
    try:
        app([*(word.replace("_", "-") for word in command), *options], prog_name="tijori")
    except SetupError as error:
        typer.echo(f"tijori: {error}", err=True)
        sys.exit(1)


@app.command()
def serve() -> None:
    """Serve the API and the dashboard until Ctrl-C."""
    from server.run import serve as run

    with suppress(KeyboardInterrupt):
        run(load())


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    from server import embedded, migrate

    with embedded.database(load(), share=True) as url:
        applied = migrate.apply(url)
    typer.echo("\n".join(applied) or "up to date")


@app.command()
def demo() -> None:
    """Play the card's timeline into the store and print its statement."""
    from server.demo import play

    play(load())


@app.command()
def schema(
    write: Annotated[bool, typer.Option("--write", help="Write schema/schema.graphql.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail if schema/schema.graphql is out of date.")] = False,
) -> None:
    """Print the GraphQL schema."""
    from resolvers.root import schema as api

    text, path = f"{api.as_str().rstrip()}\n", Path(__file__).parent.parent / "schema" / "schema.graphql"
    if write:
        path.write_text(text, encoding="utf-8")
    elif not check:
        typer.echo(text, nl=False)
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        raise SetupError("schema/schema.graphql is out of date: run `tijori schema --write` and look at the difference")


@app.command()
def settings() -> None:
    """Print every setting, its value and where it came from; secrets are hidden."""
    for shown in show(load()):
        typer.echo(f"{shown.name:<22}  {shown.value:<42}  {shown.source}")
