"""The account PostgreSQL runs under: ours or, since it refuses root, a number that owns nothing else on the machine.

As root no file mode of any folder is changed: the server is handed the open cluster folder, so it needs no way
through the folders above it, and where its own programs lie in a closed folder it gets the one capability to read.
"""

import os
import pwd
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.settings import OWN_DATABASE, SetupError

SERVER_ID = 65432  # no line in /etc/passwd, so no other process runs under it
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


@dataclass(frozen=True)
class Account:
    """A user id to become (None: stay who we are) and the capability it must keep, if any."""

    user: int | None = None
    capability: str | None = None

    def command(self, words: list[str]) -> list[str]:
        """The command as this account runs it."""
        if self.user is None or self.capability is None:
            return words
        keep = f"+{self.capability}"
        identity = [
            "--reuid",
            str(self.user),
            "--regid",
            str(self.user),
            "--clear-groups",
            "--securebits",
            "+no_setuid_fixup",
        ]
        return ["setpriv", *identity, "--inh-caps", keep, "--ambient-caps", keep, "--", *words]

    def options(self) -> dict[str, Any]:
        """Arguments for subprocess that become this account, where no command does."""
        if self.user is None or self.capability is not None:
            return {}
        return {"user": self.user, "group": self.user, "extra_groups": []}

    def path(self, folder: Path, descriptor: int) -> str:
        """The open folder's name for this account, which may not be allowed through the folders above it."""
        return str(folder) if self.user is None else f"/proc/self/fd/{descriptor}"


def owner_of(cluster: Path, programs: Path) -> Account:
    """Who runs the server on a cluster: its owner."""
    me = os.geteuid()
    if me == 0 and cluster.stat().st_uid == 0:
        give(cluster, like=cluster.parent)  # a copy that root made
    owner = cluster.stat().st_uid
    if me not in (0, owner):
        raise SetupError(f"{cluster} belongs to another user (number {owner}): run as that user, or {OWN_DATABASE}")
    return _other(owner, programs) if me == 0 else Account()


def maker(draft: Path, programs: Path) -> Account:
    """Who fills a new cluster's folder: initdb, unlike the server, wants a line in /etc/passwd."""
    if os.geteuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    os.chown(draft, nobody.pw_uid, nobody.pw_gid)
    return _other(nobody.pw_uid, programs)


def give(cluster: Path, like: Path) -> None:
    """As root: hand a cluster to the account that will run it, the owner of the folder `like` if that is not root."""
    if os.geteuid() != 0:
        return
    user = like.stat().st_uid or SERVER_ID
    for place, _, files in os.walk(cluster, topdown=False):  # its own folder last, so half a change is seen
        for path in (*(os.path.join(place, name) for name in files), place):
            os.chown(path, user, user, follow_symlinks=False)


def _other(user: int, programs: Path) -> Account:
    if sys.platform != "linux":
        raise SetupError(f"PostgreSQL refuses to run as root: run as an ordinary user, or {OWN_DATABASE}")
    return Account(user, _needed_capability(programs))


def _needed_capability(programs: Path) -> str | None:
    server = (programs / "postgres").resolve()
    if _open_to_all(server) and all(_open_to_all(folder) for folder in server.parents):
        return None
    held = _held_capabilities()
    if shutil.which("setpriv") and _open_to_all(server) and held & 1 << CAP_DAC_READ_SEARCH:
        return "dac_read_search"
    if shutil.which("setpriv") and held & 1 << CAP_DAC_OVERRIDE:
        return "dac_override"
    raise SetupError(
        f"PostgreSQL refuses to run as root, and {programs} is closed to other users: "
        f"run as an ordinary user, or open the folders above it, or {OWN_DATABASE}"
    )


def _open_to_all(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IXOTH)


def _held_capabilities() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("CapEff:"))
