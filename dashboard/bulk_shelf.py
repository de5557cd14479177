"""Batches that people have sent to this process, so that a reload finds them again, and one under way goes on."""

from dashboard.bulk_batch import Batch

MOST_OF_ONE = 3
MOST = 12
FULL = "Too many batches are under way. Wait for one to end, then send the file again."


class ShelfError(Exception):
    """No room, or the name is taken by a batch that is under way; the message is for the person."""


class Shelf:
    """Newest last. So many are kept that the process's memory stays flat: the oldest that rests makes room."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Batch] = {}

    def of(self, owner: str, name: str) -> Batch | None:
        """The owner's batch of that name: nobody sees another's."""
        return self.kept.get((owner, name))

    def keep(self, owner: str, batch: Batch) -> Batch:
        """Puts it there; the same one under way is answered instead. Raises ShelfError."""
        known = self.of(owner, batch.name)
        if known is not None and known.is_busy:
            return known
        self.kept.pop((owner, batch.name), None)
        self.make_room(owner)
        self.kept[owner, batch.name] = batch
        return batch

    def rename(self, owner: str, batch: Batch, name: str) -> Batch:
        """The same lines under another name, none of them checked. Raises ShelfError."""
        other = self.of(owner, name)
        if batch.is_busy or (other is not None and other.is_busy):
            raise ShelfError("A batch that is under way keeps its name. Wait for it to end.")
        again = Batch([line.fresh() for line in batch.lines], name, patience=batch.patience)
        self.kept.pop((owner, batch.name), None)
        return self.keep(owner, again)

    def make_room(self, owner: str) -> None:
        """For one more."""
        own = [key for key in self.kept if key[0] == owner]
        if len(own) >= MOST_OF_ONE:
            self.drop(own)
        elif len(self.kept) >= MOST:
            self.drop(list(self.kept))

    def drop(self, keys: list[tuple[str, str]]) -> None:
        """The oldest of these that rests."""
        resting = next((key for key in keys if not self.kept[key].is_busy), None)
        if resting is None:
            raise ShelfError(FULL)
        del self.kept[resting]

    def close(self) -> None:
        """The process ends: what is not done yet is left, and done when the file is sent again."""
        for batch in self.kept.values():
            batch.abandon()
