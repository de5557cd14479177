"""A wallet as a page holds it: its newest state and the lines of its log read so far, every version once."""

from dashboard.shapes.ledger import LogLine
from dashboard.shapes.lists import Connection, nodes
from dashboard.shapes.wallets import State, Wallet


class Book:
    """Takes whole answers and single changes in any order; what is older than what it holds changes nothing."""

    def __init__(self, wallet: Wallet) -> None:
        self.wallet = wallet
        self.lines: dict[int, LogLine] = {}
        self.older: str | None = None
        self.first_seen = wallet["version"]
        self.accept(wallet)

    @property
    def version(self) -> int:
        """The newest version held."""
        return self.wallet["version"]

    def accept(self, wallet: Wallet) -> None:
        """Takes a whole answer, unless overtaken. Lines read before are kept where they join on to it without a gap."""
        if wallet["version"] < self.version:
            return
        page = wallet["transactions"]
        fresh = {line["version"]: line for line in nodes(page)}
        if not self.lines or min(fresh, default=0) > max(self.lines) + 1:
            self.lines = fresh
            self.older = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
        else:
            self.lines.update(fresh)
        self.wallet = wallet

    def apply(self, line: LogLine, after: State) -> bool:
        """Takes a change; False where one is missing before it, so that the whole must be asked for."""
        if line["version"] <= self.version:
            return True
        if line["version"] != self.version + 1:
            return False
        self.lines[line["version"]] = line
        self.wallet["version"] = after["version"]
        self.wallet["balance"] = after["balance"]
        self.wallet["lock"] = after["lock"]
        return True

    def extend(self, page: Connection[LogLine]) -> None:
        """Takes a page of older lines."""
        self.lines.update({line["version"]: line for line in nodes(page)})
        self.older = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None

    def newest_first(self) -> list[LogLine]:
        """The lines as they are read."""
        return [self.lines[version] for version in sorted(self.lines, reverse=True)]

    def is_fresh(self, line: LogLine) -> bool:
        """Whether a line came while the page was open."""
        return line["version"] > self.first_seen
