"""All wallets and tenants, and how a request is answered: decided on a copy, which is kept or thrown away."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from tests.model.answers import Answer, Refused, Row
from tests.model.usage import Tenant
from tests.model.wallets import Wallet

Decide = Callable[["Ledger"], None]
Asked = tuple[object, ...]


@dataclass
class Ledger:
    """The clock is given with every request. A tenant goes by the name of its wallet."""

    wallets: dict[str, Wallet] = field(default_factory=dict)
    tenants: dict[str, Tenant] = field(default_factory=dict)

    def catch_up(self, now: datetime) -> None:
        """Law 10, for everybody."""
        for wallet in self.wallets.values():
            wallet.catch_up(now)

    def post(self, now: datetime, home: str, asked: Asked, key: str | None, decide: Decide, *, dry: bool) -> Answer:
        """Laws 7 and 9: a known key answers first; all or none; a refusal leaves no trace and keeps no key."""
        if home not in self.wallets:
            raise Refused("NotFound")
        self.catch_up(now)
        if key is not None and key in self.wallets[home].keys:
            first, answer = self.wallets[home].keys[key]
            if first != asked:
                raise Refused("IdempotencyConflict")
            return Answer(answer.rows, answer.based_on, True, answer.paid, answer.issued)
        copy = deepcopy(self)
        decide(copy)
        answer = self._answer(copy, home)
        if not dry:
            self.wallets, self.tenants = copy.wallets, copy.tenants
            if key is not None:
                self.wallets[home].keys[key] = asked, answer
        return answer

    def _answer(self, copy: "Ledger", home: str) -> Answer:
        """The home wallet's rows first; what it collected and issued; and the version it was decided on."""
        rows: list[Row] = []
        for name in sorted(copy.wallets, key=lambda name: name != home):
            rows += copy.wallets[name].log[self.wallets[name].version :]
        paid = [row.invoice for row in rows if row.wallet == home and (row.type, row.reason) == ("DEBIT", "INVOICE")]
        issued = sorted(set(copy.wallets[home].invoices) - set(self.wallets[home].invoices))
        return Answer(
            tuple(rows), self.wallets[home].version, False, tuple(n for n in paid if n is not None), tuple(issued)
        )
