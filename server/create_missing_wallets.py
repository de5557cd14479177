"""`tijori create-missing-wallets`: a wallet for every user whom an import left without one.

Each batch is committed by itself, so it may be stopped and run again, and several may run at once.
"""

from dataclasses import dataclass
from uuid import UUID

import typer

from domain import access, ids
from domain.money import Currency
from domain.refusals import BadInput, Fault
from server.command_store import on_store, patient_store
from server.output import printable
from server.progress import progress
from server.settings import Settings, SetupError
from server.stopping import INTERRUPTED, stopping
from server.whole_store import whole_store
from services.clock import Clock
from services.missing_wallets import START, count_missing, create_missing, first_missing
from services.people_input import iso_currency

SHOWN = 10


@dataclass
class Run:
    """What is asked for, and how far it has come."""

    currency: Currency
    batch_size: int
    found: int | None = None
    created: int = 0
    after: UUID = START

    def told(self, created: int) -> str:
        """Beside how many were missing."""
        return f"Created {created} of {self.found} wallets"

    @property
    def so_far(self) -> str:
        """For a run that ends early."""
        return f"{self.created} wallets were created"


def create_missing_wallets(settings: Settings, batch_size: int, currency: str, *, dry_run: bool) -> int:
    """The exit code. SetupError where the store cannot be used, or the currency is none."""
    run = Run(_currency(currency), batch_size)
    typer.echo("Starting wallet creation process...")
    try:
        return on_store(settings, lambda url: _dry_run(url) if dry_run else _run(url, run))
    except KeyboardInterrupt:
        return _interrupted(run)
    except Fault as why:
        raise SetupError(f"{run.so_far}: {why}") from None


async def _dry_run(url: str) -> int:
    async with whole_store(url) as connection:
        found, first = await count_missing(connection), await first_missing(connection, SHOWN)
    typer.echo(f"Found {found} users without wallets")
    typer.echo("DRY RUN MODE - No wallets will be created")
    if not found:
        typer.echo("All users have wallets")
        return 0
    typer.echo(f"\nUsers who would get wallets:\n{'-' * 50}")
    for row in first:
        typer.echo(f"ID: {ids.make('usr', row['id'])}, Name: {printable(row['name'])}, Phone: {row['phone']}")
    if found > SHOWN:
        typer.echo(f"... and {found - SHOWN} more users")
    return 0


async def _run(url: str, run: Run) -> int:
    if run.found is None:
        async with whole_store(url) as connection:
            run.found = await count_missing(connection)
        typer.echo(f"Found {run.found} users without wallets")
    async with patient_store(url):
        if not await _to_the_end(run, run.found):
            return _interrupted(run)
    typer.echo(f"Created {run.created} wallets" if run.found or run.created else "All users have wallets")
    return 0


async def _to_the_end(run: Run, found: int) -> bool:
    """False where it was told to stop before."""
    with stopping() as asked, progress("Creating wallets", found, run.told) as show:
        while not asked():
            batch = await create_missing(Clock(), access.SYSTEM, run.currency, run.batch_size, run.after)
            if batch is None:
                return True
            run.created, run.after = run.created + batch.made, batch.last
            show(run.created)
    return False


def _interrupted(run: Run) -> int:
    typer.echo(f"interrupted: {run.so_far}; run it again for the rest")
    return INTERRUPTED


def _currency(code: str) -> Currency:
    try:
        return iso_currency(code)
    except BadInput as why:
        raise SetupError(f"--currency: {why}") from None
