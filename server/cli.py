"""The command line: `tijori COMMAND` or `python manage.py COMMAND`. Each command is a few lines over the services."""

import signal
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

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
def verify(
    since: Annotated[Path | None, typer.Option(help="A file that `tijori checkpoint` wrote earlier.")] = None,
) -> None:
    """Prove every log and all that must agree with it. Exit code 0: proved, 1: broken (and named), 2: cannot say."""
    from server.verify import verify as run

    raise typer.Exit(run(since))


@app.command()
def checkpoint(
    output: Annotated[Path | None, typer.Option(help="A file; without it the standard output.")] = None,
) -> None:
    """Write where every log ends, signed: keep it elsewhere, for `tijori verify --since`."""
    from server.verify import checkpoint as run

    run(load(), output)


@app.command()
def export(
    written: Annotated[Literal["beancount", "csv", "jsonl"], typer.Option("--format", help="What is written.")],
    wallet: Annotated[str | None, typer.Option(help="The id of a wallet or its owner; without it all.")] = None,
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, in UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day after the last one.")] = None,
    output: Annotated[Path | None, typer.Option(help="A file; without it the standard output.")] = None,
) -> None:
    """Write the log: as Beancount with balance assertions, as CSV, or as JSON lines."""
    from server.export import excerpt
    from server.export import export as run

    run(load(), written, excerpt(wallet, since, until), output)


@app.command()
def demo() -> None:
    """Play the card's timeline into the store and print its statement."""
    from server.demo import play

    play(load())


@app.command()
def bill(
    month: Annotated[str | None, typer.Argument(help="Such as 2025-03; without it the last over in UTC.")] = None,
    tenant: Annotated[list[str] | None, typer.Option(help="A tenant's id; may be repeated. Without it all.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would come to; write nothing.")] = False,
) -> None:
    """Close a month for all tenants or some. Exit code 1 when a tenant could not be billed."""
    from server.bill import bill as run

    raise typer.Exit(run(load(), month, tenant or [], dry_run=dry_run))


@app.command()
def import_users(
    file: Annotated[Path, typer.Argument(help="Comma-separated: phone,name and, as wanted, email,role,tenant,active.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be imported; write nothing.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave bad lines out; without it they stop all.")
    ] = False,
) -> None:
    """Import users, without wallets and passwords. Exit code 1: refused, 2: the file cannot be read."""
    from server.import_users import import_file

    raise typer.Exit(import_file(load(), file, skip_bad=skip_bad, dry_run=dry_run))


@app.command()
def create_missing_wallets(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say who would get one; create nothing.")] = False,
    batch_size: Annotated[int, typer.Option(min=1, max=10_000, help="Wallets created and committed together.")] = 100,
    currency: Annotated[str, typer.Option(help="Of the new wallets, by ISO 4217.")] = "INR",
) -> None:
    """Create wallets for users whom an import left without one. May be stopped, run again, and run twice at once."""
    from server.create_missing_wallets import create_missing_wallets as run

    raise typer.Exit(run(load(), batch_size, currency, dry_run=dry_run))


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
        typer.echo(f"{shown.name:<26}  {shown.value:<42}  {shown.source}")
