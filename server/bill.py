"""`tijori bill`: closes a month from the command line and shows how far it is.

A server may run on the same store meanwhile. Interrupted, the run goes on there, or when a server next starts.
"""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from domain import access, ids
from domain.billing import month_of, month_text, previous_month
from domain.refusals import Fault, Refusal
from resolvers.context import Shared
from server import embedded, folder, migrate
from server.logs import configure
from server.opened import SCHEDULE_SECONDS, opened
from server.periodic import every
from server.settings import Settings, SetupError
from services.billing import BilledRun, run_billing
from services.billing_queries import RunRecord, list_failures
from services.billing_runs import resume
from services.database import now
from services.people_input import iso_currency
from services.people_queries import load_tenants

SHOWN_FAILURES = 100
INTERRUPTED = 130
"""The exit code that shells give to Ctrl-C."""
Show = Callable[[RunRecord], None]


def bill(settings: Settings, month: str | None, tenants: Sequence[str], *, dry_run: bool) -> int:
    """The exit code: 1 when a tenant could not be billed."""
    configure()
    asked, tenant_ids = _month(month), [_tenant(text) for text in tenants] or None
    secret = folder.secret(settings)
    reached: list[RunRecord] = []
    with embedded.database(settings, share=True) as url:
        migrate.apply(url)
        try:
            return asyncio.run(_bill(url, secret, asked, tenant_ids, reached, dry_run=dry_run))
        except KeyboardInterrupt:
            typer.echo("interrupted: nothing was written" if dry_run else _interrupted(reached))
            return INTERRUPTED
        except (Refusal, Fault) as why:
            raise SetupError(str(why)) from None


async def _bill(
    url: str,
    secret: str,
    month: date | None,
    tenant_ids: Sequence[UUID] | None,
    reached: list[RunRecord],
    *,
    dry_run: bool,
) -> int:
    async with opened(url, secret) as shared:
        month = month or previous_month(month_of(await now(shared.core.clock), "UTC"))
        billed = await run_billing(shared.core, access.SYSTEM, month, tenant_ids, dry_run=dry_run)
        if dry_run:
            reached[:] = [billed.run]
            failures = billed.failures[: SHOWN_FAILURES + 1]
        else:
            await _watch(shared, billed, reached)
            failures = await list_failures(billed.run.id, SHOWN_FAILURES + 1, None)
        typer.echo("\n".join(_totals(reached[0], dry_run=dry_run)))
        for line in await _failed(failures):
            typer.echo(line, err=True)
    return 1 if failures else 0


async def _watch(shared: Shared, billed: BilledRun, reached: list[RunRecord]) -> None:
    """Until it has finished. What held it up for too long stops it only for a while, also where no server runs."""
    going_on = asyncio.create_task(every(SCHEDULE_SECONDS, partial(resume, shared.core)), name="going on")
    try:
        with _progress(billed.run) as show:
            async for run in shared.runs.follow(billed.run.id):
                reached[:] = [run]
                show(run)
    finally:
        going_on.cancel()
        await asyncio.gather(going_on, return_exceptions=True)  # before the connections close


@contextmanager
def _progress(run: RunRecord) -> Iterator[Show]:
    """A bar on a terminal; elsewhere a line whenever a tenth more is done."""
    console = Console()
    title = f"billing {month_text(run.month)}"
    if not console.is_terminal:
        yield _lines(title)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=run.tenants)
        yield lambda state: bar.update(task, total=state.tenants, completed=state.done)


def _lines(title: str) -> Show:
    told = -1

    def show(run: RunRecord) -> None:
        nonlocal told
        tenths = run.done * 10 // max(run.tenants, 1)
        if tenths > told:
            told = tenths
            typer.echo(f"{title}: {run.done:,} of {run.tenants:,}")

    return show


def _totals(run: RunRecord, *, dry_run: bool) -> list[str]:
    what = f"{run.done:,} tenants, {run.invoice_count:,} invoices, {run.locked:,} wallets locked"
    lines = [f"{month_text(run.month)}: {what}{' (dry run: nothing is written)' if dry_run else ''}"]
    for of in run.amounts:
        currency = iso_currency(of.currency)
        billed, collected = (currency.format(int(minor)) for minor in (of.billed, of.collected))
        lines.append(f"  billed {billed}, collected {collected}")
    return lines


async def _failed(failures: Sequence[tuple[UUID, str]]) -> list[str]:
    tenants = await load_tenants([tenant_id for tenant_id, _ in failures])
    lines = [f"not billed: {tenants[i].name} ({ids.make('ten', i)}): {why}" for i, why in failures[:SHOWN_FAILURES]]
    return [*lines, "… and more: see the run's failures in the API"] if len(failures) > SHOWN_FAILURES else lines


def _interrupted(reached: Sequence[RunRecord]) -> str:
    known = "".join(f" at {run.done:,} of {run.tenants:,} tenants of {ids.make('run', run.id)}" for run in reached)
    return f"interrupted{known}: what has begun goes on in a server on this store, or when one next starts"


def _month(text: str | None) -> date | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII) or text.startswith("0000"):
        raise SetupError(f"{text} is no month: give one like 2025-03")
    return date.fromisoformat(f"{text}-01")


def _tenant(text: str) -> UUID:
    if (found := ids.read("ten", text)) is None:
        raise SetupError(f"{text} is no tenant's id: it looks like ten_ and 32 digits")
    return found
