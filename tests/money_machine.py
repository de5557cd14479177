"""A machine of requests that move money, told to the product and to tests/model side by side."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from services.clock import Clock
from tests.chances import TENANTS, amounts, limits, picks, recent, some, tenants, times, wallets, zones
from tests.model import months
from tests.model.prices import Price
from tests.side_by_side import Both, Request
from tests.world import World, at

START = "2025-01-30T12:00"


class MoneyMachine(RuleBasedStateMachine):
    """Two tenants, a user in their currency and one in yen. Every step ends with everything compared."""

    world: World
    run: Callable[[Coroutine[Any, Any, Any]], Any]

    @initialize(zone=zones, grace=st.integers(0, 2), window=st.integers(0, 3))
    def begin(self, zone: str, grace: int, window: int) -> None:
        self.asked: list[Request] = []
        self.number = 0
        self.inside = self.world.another(Clock(at(START)))
        self.both = Both(self.run(self.inside.__aenter__()))
        self.run(self.both.tenant("a", zone, grace, window))
        self.run(self.both.tenant("b", "UTC", 0, 0))
        self.run(self.both.user("u", "INR"))
        self.run(self.both.user("j", "JPY"))
        for name in TENANTS:
            self.run(self.both.set_price(name, Price("X", at("2024-12-01"), unit_price=Fraction(10), made=0), None))

    def teardown(self) -> None:
        if hasattr(self, "inside"):
            self.run(self.inside.__aexit__(None, None, None))

    def new(self) -> str:
        self.number += 1
        return f"k{self.number}"

    def ask(self, request: Request, how: int) -> None:
        """Now and then as a dry run before, now and then as a dry run only, or with a key that was used."""
        if how % 4 == 1:
            self.run(self.both.ask(request, dry=True))
        if how == 17:
            self.run(self.both.compare())
            return
        self.run(self.both.ask(request))
        self.asked.append(request)
        self.run(self.both.compare())

    @rule(wallet=wallets, amount=amounts, how=picks)
    def top_up(self, wallet: str, amount: int, how: int) -> None:
        self.ask(Request("top_up", wallet, (amount, self.new())), how)

    @rule(
        wallet=wallets,
        way=st.sampled_from(("ADD", "SUBTRACT", "SET")),
        amount=amounts,
        expected=st.none() | st.integers(-1, 1),
        how=picks,
    )
    def adjust(self, wallet: str, way: str, amount: int, expected: int | None, how: int) -> None:
        more = {} if expected is None else {"expected": self.both.ledger.wallets[wallet].version + expected}
        self.ask(Request("adjust", wallet, (way, amount, self.new()), more), how)

    @rule(wallet=wallets, amount=limits, way=st.sampled_from(("ADD", "SET")), back=st.booleans())
    def go_to_the_limits(self, wallet: str, amount: int, way: str, back: bool) -> None:
        self.ask(Request("adjust", wallet, (way, amount, self.new())), 0)
        if back:
            self.ask(Request("adjust", wallet, ("SET", 100, self.new())), 0)

    @rule(wallet=wallets, amount=amounts)
    def confirm_a_preview(self, wallet: str, amount: int) -> None:
        """Its version, given as expectedVersion, confirms exactly it."""
        preview = self.run(self.both.ask(Request("adjust", wallet, ("ADD", amount, self.new())), dry=True))
        if preview:
            confirmed = {"expected": preview.based_on}
            self.ask(Request("adjust", wallet, ("ADD", amount, self.new()), confirmed), 0)

    @rule(giver=wallets, taker=wallets, amount=amounts, how=picks)
    def transfer(self, giver: str, taker: str, amount: int, how: int) -> None:
        self.ask(Request("transfer", giver, (taker, amount, self.new())), how)

    @rule(wallet=wallets, version=recent, amount=some, how=picks)
    def reverse(self, wallet: str, version: int, amount: int | None, how: int) -> None:
        """Whatever it is, counted from the newest; of the old ones what moved money by hand."""
        log = self.both.ledger.wallets[wallet].log
        moved = [row.version for row in log if row.reason in ("TOP_UP", "ADJUSTMENT", "TRANSFER", "HOLD")]
        named = (moved[-1 - version % len(moved)] if version > 1 and moved else len(log) - version) or 0
        self.ask(Request("reverse_transaction", wallet, (named, amount, self.new())), how)

    @rule(wallet=tenants, which=recent, amount=some, how=picks)
    def charge_back(self, wallet: str, which: int, amount: int | None, how: int) -> None:
        """Mostly a top-up that collected something."""
        log = self.both.ledger.wallets[wallet].log
        top_ups = [row.version for row in log if row.reason == "TOP_UP"]
        used = [version for version in top_ups if version < len(log) and log[version].reason == "INVOICE"]
        if named := used or top_ups or ([1] if log else []):
            asked = named[-1 - which % len(named)], amount, self.new()
            self.ask(Request("reverse_transaction", wallet, asked, {"reopening": True}), how)

    @rule(wallet=wallets, amount=amounts, seconds=st.sampled_from((59, 60, 86_400, 2_592_000)), how=picks)
    def hold(self, wallet: str, amount: int, seconds: int, how: int) -> None:
        self.ask(Request("place_hold", wallet, (amount, seconds, self.new())), how)

    @precondition(lambda self: any(wallet.holds for wallet in self.both.ledger.wallets.values()))
    @rule(pick=picks, capture=st.booleans(), amount=some, how=picks)
    def end_hold(self, pick: int, capture: bool, amount: int | None, how: int) -> None:
        held = [
            (h.status == "ACTIVE", name, n) for name, w in self.both.ledger.wallets.items() for n, h in w.holds.items()
        ]
        _, wallet, number = sorted(held)[-1 - pick % len(held)]
        if capture:
            self.ask(Request("capture_hold", wallet, (number, amount, self.new())), how)
        else:
            self.ask(Request("release_hold", wallet, (number, self.new())), how)

    @rule(wallet=wallets, on=st.booleans(), how=picks)
    def lock(self, wallet: str, on: bool, how: int) -> None:
        self.ask(Request("lock_by_hand", wallet, (), {"on": on}), how)
        if on and how % 2:
            self.ask(Request("lock_by_hand", wallet, (), {"on": False}), how)

    @precondition(lambda self: any(wallet.invoices for wallet in self.both.ledger.wallets.values()))
    @rule(pick=picks, what=st.sampled_from(("approve", "void")), how=picks)
    def decide_invoice(self, pick: int, what: str, how: int) -> None:
        issued = [(name, n) for name, wallet in self.both.ledger.wallets.items() for n in wallet.invoices]
        wallet, count = issued[-1 - pick % len(issued)]
        self.ask(Request(what, wallet, (count, self.new())), how)

    @precondition(lambda self: self.asked)
    @rule(pick=picks, other=st.booleans())
    def again(self, pick: int, other: bool) -> None:
        """The same once more: a replay, or where it was refused another try. Or its key for another request."""
        request = self.asked[-1 - pick % len(self.asked)]
        if other and request.args:
            request = Request("top_up", request.wallet, (7, request.args[-1]))
        self.run(self.both.ask(request))
        self.run(self.both.compare())

    @rule(time=times)
    def wait(self, time: timedelta) -> None:
        """Nothing is looked at: whoever comes next writes what the clock has decided."""
        self.both.wait(time)

    @rule(swept=st.booleans())
    def wait_for_the_clock(self, swept: bool) -> None:
        """To the very instant at which it decides something, or to a month's end."""
        ledger = self.both.ledger
        zone = ledger.tenants["a"].zone
        ends = [months.start(months.after(months.of(self.both.now, zone)), zone)]
        ends += [instant for wallet in ledger.wallets.values() for instant in wallet.instants()]
        self.both.wait(max(min(ends) - self.both.now, timedelta(0)))
        if swept:
            self.run(self.both.compare(swept=True))

    @rule(wallet=wallets, hours=st.integers(-24, 24 * 60))
    def look_back(self, wallet: str, hours: int) -> None:
        self.run(self.both.look_back(wallet, self.both.now - timedelta(hours=hours)))
