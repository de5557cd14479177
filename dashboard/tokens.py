"""The API's token of each session, in a file that only we can read: it outlives a restart, and nothing else is kept."""

import os
from hashlib import sha256
from pathlib import Path


class Tokens:
    """A folder with one small file per session, named by a digest of the session's id."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self.folder = folder

    def of(self, session: str) -> str | None:
        """The token of a session; None where there is none."""
        try:
            return self.path(session).read_text("ascii") or None
        except FileNotFoundError:
            return None

    def keep(self, session: str, token: str) -> None:
        """Remembers the token of a session that begins."""
        descriptor = os.open(self.path(session), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(token)

    def forget(self, session: str) -> None:
        """Forgets a session that has ended."""
        self.path(session).unlink(missing_ok=True)

    def path(self, session: str) -> Path:
        """Where a session's token is."""
        return self.folder / sha256(session.encode()).hexdigest()
