"""The laws as a machine: random requests, times and orders, told to the product and to tests/model side by side."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.chances import picks, quantities, recent, services, tenants, terms
from tests.model import months
from tests.model.prices import Price
from tests.model.usage import Event
from tests.money_machine import START, MoneyMachine
from tests.world import open_world


class Machine(MoneyMachine):
    """With prices, usage and billing."""

    @rule(tenant=tenants, service=services, quantity=quantities)
    def use_some(self, tenant: str, service: str, quantity: Fraction) -> None:
        self.run(self.both.record(tenant, [Event(self.new(), service, quantity)]))

    @rule(tenant=tenants, swept=st.booleans())
    def end_the_month(self, tenant: str, swept: bool) -> None:
        """And bill it."""
        zone = self.both.ledger.tenants[tenant].zone
        month = months.of(self.both.now, zone)
        self.both.wait(months.start(months.after(month), zone) - self.both.now)
        if swept:
            self.run(self.both.compare(swept=True))
        self.run(self.both.bill(tenant, month))
        self.run(self.both.compare())

    @rule(
        tenant=tenants,
        events=st.lists(st.tuples(recent, services, quantities, picks, picks), min_size=1, max_size=3),
        dry=st.booleans(),
    )
    def use(self, tenant: str, events: list[tuple[int, str, Fraction, int, int]], dry: bool) -> None:
        told = [self.event(tenant, *event) for event in events]
        if dry:
            self.run(self.both.record(tenant, told, dry=True))
        self.run(self.both.record(tenant, told))
        self.run(self.both.compare())

    def event(self, tenant: str, key: int, service: str, quantity: Fraction, ago: int, corrected: int) -> Event:
        """Now, days ago, or a little ahead; some correct one that was recorded, or none."""
        known = [event for event, _ in self.both.ledger.tenants[tenant].events.values()]
        if corrected > 25 and known:
            return Event(f"c{corrected}", known[-1 - key % len(known)].service, -quantity, None, known[-1].key)
        minutes = {1: 0, 2: 5, 3: 6}.get(ago, -60 * ago * ago)
        when = self.both.now + timedelta(minutes=minutes) if ago else None
        return Event(f"e{key + 10 * (corrected % 4)}", service, quantity, when)

    @rule(
        tenant=tenants,
        service=services,
        ahead=st.integers(-30, 30),
        terms=terms,
        minimum=st.sampled_from((0, 0, 25)),
        replaces=st.booleans(),
        dry=st.booleans(),
    )
    def price(
        self, tenant: str, service: str, ahead: int, terms: dict[str, Any], minimum: int, replaces: bool, dry: bool
    ) -> None:
        self.number += 1
        since = self.both.now + timedelta(days=ahead)
        new = Price(service, since, minimum=minimum, made=self.number, **terms)
        known = [price.since for price in self.both.ledger.tenants[tenant].prices if price.service == service]
        old = max(known) if known and replaces else None
        if dry:
            self.run(self.both.set_price(tenant, new, old, dry=True))
        self.run(self.both.set_price(tenant, new, old))

    @rule(tenant=tenants, pick=picks)
    def cancel_price(self, tenant: str, pick: int) -> None:
        prices = self.both.ledger.tenants[tenant].prices
        if prices:
            price = prices[-1 - pick % len(prices)]
            self.run(self.both.cancel_price(tenant, price.service, price.since))

    @rule(tenant=tenants, back=st.integers(0, 2), dry=st.booleans())
    def bill(self, tenant: str, back: int, dry: bool) -> None:
        month = f"{self.both.now:%Y-%m}"
        for _ in range(back):
            month = months.before(month)
        if dry:
            self.run(self.both.bill(tenant, month, dry=True))
        self.run(self.both.bill(tenant, month))
        self.run(self.both.compare())


@pytest.fixture
def machine(database_url: str) -> Iterator[type[Machine]]:
    """On one database and one event loop; every run has wallets and a clock of its own."""
    with asyncio.Runner() as runner:
        opened = open_world(database_url, START)

        class Running(Machine):
            world = runner.run(opened.__aenter__())
            run = staticmethod(runner.run)

        yield Running
        runner.run(opened.__aexit__(None, None, None))


def told(machine: type[Machine], runs: int, steps: int, *, always_the_same: bool) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            derandomize=always_the_same,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_is_asked_in_whatever_order_is_answered_by_the_laws(machine: type[Machine]) -> None:
    told(machine, 10, 40, always_the_same=True)


@pytest.mark.proof
def test_and_so_it_is_for_thousands_of_requests_that_are_new_each_time(machine: type[Machine]) -> None:
    told(machine, 250, 60, always_the_same=False)
