"""What a reader of changes has heard."""

from domain.changes import ChangeKind
from services.changes import Reader


def taken(reader: Reader) -> list[ChangeKind]:
    """Without waiting."""
    taking = reader.take()
    try:
        taking.send(None)
    except StopIteration as answer:
        found: list[ChangeKind] = answer.value
        return found
    taking.close()
    return []
