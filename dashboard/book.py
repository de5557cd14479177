"""A wallet as a page holds it: its newest state and the newest lines of its log, every version once."""

from dashboard.shapes.ledger import LogLine
from dashboard.shapes.wallets import State, Wallet

MOST_LINES = 100
"""As many as the document Wallet asks for."""


class Book:
    """Takes whole answers and single changes in any order; what is older than what it holds changes nothing."""

    def __init__(self, wallet: Wallet) -> None:
        self.wallet = wallet
        self.lines: dict[int, LogLine] = {}
        self.cursors: dict[int, str] = {}
        self.goes_on = False
        self.first_seen = wallet["version"]
        self.accept(wallet)

    @property
    def version(self) -> int:
        """The newest version held."""
        return self.wallet["version"]

    def accept(self, wallet: Wallet) -> None:
        """Takes a whole answer, unless overtaken."""
        if wallet["version"] < self.version:
            return
        page = wallet["transactions"]
        self.lines = {edge["node"]["version"]: edge["node"] for edge in page["edges"]}
        self.cursors = {edge["node"]["version"]: edge.get("cursor", "") for edge in page["edges"]}
        self.goes_on = page["pageInfo"]["hasNextPage"]
        self.wallet = wallet

    def apply(self, line: LogLine, after: State) -> bool:
        """Takes a change; False where one is missing before it, so that the whole must be asked for."""
        if line["version"] <= self.version:
            return True
        if line["version"] != self.version + 1:
            return False
        self.lines[line["version"]] = line
        if len(self.lines) > MOST_LINES:
            del self.lines[min(self.lines)]
            self.goes_on = True
        self.wallet["version"] = after["version"]
        self.wallet["balance"] = after["balance"]
        self.wallet["lock"] = after["lock"]
        return True

    def newest_first(self) -> list[LogLine]:
        """The lines as they are read."""
        return [self.lines[version] for version in sorted(self.lines, reverse=True)]

    def is_fresh(self, line: LogLine) -> bool:
        """Whether a line came while the page was open."""
        return line["version"] > self.first_seen
