"""Which lines of a log are looked at, as the address bar says it and as the API is asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.days import begins, ends
from dashboard.format import Manner

TYPES = {
    "CREDIT": "Credits",
    "DEBIT": "Debits",
    "HOLD": "Holds",
    "RELEASE": "Releases",
    "DUE": "What is due",
    "LOCK": "Locks",
    "UNLOCK": "Unlocks",
}
REASONS = {
    "TOP_UP": "Top-up",
    "ADJUSTMENT": "Adjustment by hand",
    "TRANSFER": "Transfer",
    "INVOICE": "Invoice",
    "SETTLED": "Invoice settled",
    "VOID": "Invoice voided",
    "HOLD": "Hold",
    "HOLD_EXPIRED": "Hold expired",
    "REVERSAL": "Reversal",
    "INSUFFICIENT_FUNDS": "Not covered",
    "MANUAL": "Locked by hand",
}


@dataclass(frozen=True)
class LogFilter:
    """What is empty does not filter. Days are the viewer's own, and both are meant whole."""

    type: str = ""
    reason: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "LogFilter":
        """From an address; what it cannot mean is left out."""
        manner = Manner()
        days = [query.get(name, "") for name in ("from", "until")]
        since, until = (day if begins(day, manner) and ends(day, manner) else "" for day in days)
        kind, reason = query.get("type", ""), query.get("reason", "")
        return cls(kind if kind in TYPES else "", reason if reason in REASONS else "", since, until)

    @property
    def query(self) -> dict[str, str]:
        """For an address."""
        given = {"type": self.type, "reason": self.reason, "from": self.since, "until": self.until}
        return {name: value for name, value in given.items() if value}

    def exact(self, manner: Manner) -> dict[str, str]:
        """The same for an address that is asked for without its viewer's zone: days as instants."""
        bounds = {"from": begins(self.since, manner), "until": ends(self.until, manner)}
        return self.query | {name: instant for name, instant in bounds.items() if instant}

    def variables(self, manner: Manner) -> dict[str, object] | None:
        """The API's TransactionFilter; None where all lines are wanted."""
        exact = self.exact(manner)
        return asked(exact.get("type", ""), exact.get("reason", ""), exact.get("from", ""), exact.get("until", ""))


def asked(kind: str, reason: str, since: str, until: str) -> dict[str, object] | None:
    """The API's TransactionFilter of instants; None where all lines are wanted."""
    given: dict[str, object] = {}
    if kind:
        given["types"] = [kind]
    if reason:
        given["reasons"] = [reason]
    if since:
        given["from"] = since
    if until:
        given["until"] = until
    return given or None
