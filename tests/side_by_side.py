"""The product and the model told the same at the same time: whatever is asked must be answered by both alike."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain import access
from domain.refusals import Fault, Refusal
from domain.usage import UsageEvent
from services.posting_batch import Posted
from services.pricing import cancel_price, set_price
from services.sweeping import sweep
from services.wallet_queries import load_wallets, state_at
from tests import in_model_words as words
from tests.model import requests
from tests.model.answers import Answer, Refused, Row
from tests.model.ledger import Ledger
from tests.model.prices import Price
from tests.model.usage import Event, Tenant
from tests.model.wallets import Wallet
from tests.world import World

PRODUCT: dict[str, Callable[..., Awaitable[Posted]]] = {
    "top_up": World.top_up,
    "adjust": World.adjust,
    "transfer": World.transfer,
    "reverse_transaction": World.reverse,
    "place_hold": World.hold,
    "capture_hold": World.capture,
    "release_hold": World.release,
    "lock_by_hand": World.lock,
    "approve": World.approve,
    "void": World.void,
}
SAID = {"expected": "expected_version", "reopening": "reopen_invoices"}
PRICE_ID = "SELECT id FROM prices WHERE wallet_id = $1 AND service = $2 AND effective_from = $3"


@dataclass(frozen=True)
class Request:
    """Of a wallet, by the model's name for it. `args` end with the key where it has one."""

    what: str
    wallet: str
    args: tuple[Any, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Both:
    """`ids` are the product's, by the model's names."""

    world: World
    ledger: Ledger = field(default_factory=Ledger)
    ids: dict[str, UUID] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    lined: dict[str, int] = field(default_factory=dict)
    """Up to which version of each log, and to which invoice's lines, the two have been compared."""

    @property
    def now(self) -> datetime:
        fixed = self.world.core.clock.fixed
        assert fixed is not None
        return fixed

    @property
    def names(self) -> dict[UUID, str]:
        return {wallet: name for name, wallet in self.ids.items()}

    def wait(self, time: timedelta) -> None:
        self.world.core.clock.set(self.now + time)

    async def tenant(self, name: str, zone: str, grace_days: int, window_days: int, currency: str = "INR") -> None:
        terms = {"billing_zone": zone, "grace_days": grace_days, "finalization_days": window_days}
        self.ids[name] = await self.world.tenant(name, currency=currency, **terms)
        self.ledger.wallets[name] = Wallet(name, currency)
        self.ledger.tenants[name] = Tenant(self.now, zone, grace_days, window_days)

    async def user(self, name: str, currency: str) -> None:
        self.ids[name] = await self.world.user(currency=currency)
        self.ledger.wallets[name] = Wallet(name, currency)

    async def ask(self, request: Request, *, dry: bool = False) -> Answer | None:
        """None where it was refused, by both for the same reason."""
        by_model: words.Told
        answer = None
        try:
            decide = getattr(requests, request.what)
            answer = decide(self.ledger, self.now, request.wallet, *request.args, **request.more, dry=dry)
            by_model = answer.rows, answer.replayed
        except Refused as why:
            by_model = why.why, *why.figures
        assert await self._of_product(lambda: self._told(request, dry)) == by_model, request
        return answer

    async def _told(self, request: Request, dry: bool) -> words.Told:
        args = [self.ids.get(arg, arg) if isinstance(arg, str) else arg for arg in request.args]
        more = {SAID.get(name, name): value for name, value in request.more.items()}
        posted = await PRODUCT[request.what](self.world, self.ids[request.wallet], *args, **more, dry_run=dry)
        assert posted.dry_run == dry
        rows = tuple(words.row(t, self.names) for t in posted.transactions)
        assert words.row(posted.transactions[0], self.names).wallet == request.wallet
        return rows, posted.replayed

    async def _of_product(self, tell: Callable[[], Awaitable[words.Told]]) -> words.Told:
        try:
            return await tell()
        except (Refusal, Fault) as why:
            return words.refusal(why)

    async def bill(self, tenant: str, month: str, *, dry: bool = False) -> None:
        """A refusal and a failure of the one tenant are the same to the model."""

        async def tell() -> words.Told:
            billed = await self.world.bill(month, self.ids[tenant], dry_run=dry)
            rows = "SELECT count(*) FROM billing_failures WHERE run_id = $1"
            failed = billed.failures or (await self.world.sql(rows, billed.run.id))[0][0]
            return ("NotPossible",) if failed else tuple(sorted(one.count for one in billed.invoices))

        by_model: words.Told
        try:
            by_model = requests.run_billing(self.ledger, self.now, tenant, month, dry=dry).issued
        except Refused as why:
            by_model = why.why, *why.figures
        assert await self._of_product(tell) == by_model, (tenant, month)

    async def record(self, tenant: str, events: Sequence[Event], *, dry: bool = False) -> None:
        def of_product(event: Event) -> UsageEvent:
            quantity = words.exact(event.quantity)
            assert quantity is not None
            return UsageEvent(self.ids[tenant], event.key, event.service, quantity, event.occurred, event.corrects)

        async def tell() -> words.Told:
            tally = await self.world.record(*map(of_product, events), dry_run=dry)
            return len(tally.recorded), tally.duplicates

        self.ledger.catch_up(self.now)
        by_model: words.Told
        before = dict(self.ledger.tenants[tenant].events)
        try:
            by_model = self.ledger.tenants[tenant].record(self.now, self.ledger.wallets[tenant], list(events))
        except Refused as why:
            by_model = why.why, *why.figures
        if dry:
            self.ledger.tenants[tenant].events = before
        assert await self._of_product(tell) == by_model, (tenant, events)

    async def set_price(self, tenant: str, price: Price, replaces: datetime | None, *, dry: bool = False) -> None:
        before = self.ledger.tenants[tenant].prices
        found = await self.world.sql(PRICE_ID, self.ids[tenant], price.service, replaces)
        if replaces is not None and not found:
            return

        async def tell() -> words.Told:
            asked = words.new_price(self.ids[tenant], price, found[0][0] if found else None)
            await set_price(self.world.core, access.SYSTEM, asked, dry_run=dry)
            return ()

        by_model: words.Told = ()
        try:
            self.ledger.tenants[tenant].set_price(self.now, price, replaces)
        except Refused as why:
            by_model = why.why, *why.figures
        if dry:
            self.ledger.tenants[tenant].prices = before
        assert await self._of_product(tell) == by_model, (tenant, price, replaces)

    async def cancel_price(self, tenant: str, service: str, since: datetime) -> None:
        found = await self.world.sql(PRICE_ID, self.ids[tenant], service, since)

        async def tell() -> words.Told:
            await cancel_price(self.world.core, access.SYSTEM, found[0][0])
            return ()

        by_model: words.Told = ()
        try:
            self.ledger.tenants[tenant].cancel_price(self.now, service, since)
        except Refused as why:
            by_model = why.why, *why.figures
        assert not found or await self._of_product(tell) == by_model, (tenant, service, since)

    async def compare(self, *, swept: bool = False) -> None:
        """Everything that is kept, with what the clock has decided by now: by a reader, or by the sweeper."""
        self.ledger.catch_up(self.now)
        if swept:
            await sweep(self.world.core)
        else:
            await load_wallets(self.world.core, list(self.ids.values()))
        for name in self.ids:
            await self._compare(name)

    async def _compare(self, name: str) -> None:
        wallet, database, lined = self.ids[name], self.world.database, self.lined.get(name, 0)
        kept = self.ledger.wallets[name]
        log = [words.row(t, self.names) for t in await self.world.log(wallet, self.seen.get(name, 0))]
        assert log == kept.log[self.seen.get(name, 0) :]
        self.seen[name] = kept.version
        assert await self.world.money(wallet) == (kept.total, kept.locked, kept.due)
        assert await words.holds(database, wallet) == [hold for _, hold in sorted(kept.holds.items())]
        by_model = [words.invoice(one, lines_after=lined) for _, one in sorted(kept.invoices.items())]
        assert await words.invoices(database, wallet, lines_after=lined) == by_model
        self.lined[name] = len(by_model)

    async def look_back(self, name: str, instant: datetime) -> None:
        """Law 10: the state at a moment is that of the last row by then; of the future nothing is known."""
        self.ledger.catch_up(min(instant, self.now))
        state = await state_at(self.world.core, self.ids[name], instant)
        row = self.ledger.wallets[name].at(min(instant, self.now))
        told = (state.version, state.total, state.locked, state.due, state.funds_locked_at, state.manual_locked_at)
        assert told == (_state(row) if row else (0, 0, 0, 0, None, None))


def _state(row: Row) -> words.Told:
    return row.version, row.total_after, row.locked_after, row.due_after, row.funds_lock, row.hand_lock
