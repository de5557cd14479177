"""The data folder: private to its owner, used by one running program, and where the secret is kept."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from server.settings import OWN_DATABASE, Settings, SetupError

LOCK, SECRET = "lock", "secret"
OURS = {LOCK, SECRET, "postgres", "sessions", "lost+found"}
HOW_TO_MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


class AlreadyRunningError(SetupError):
    """Another program of ours uses the data folder."""


def prepare(folder: Path) -> Path:
    """Make the folder, or take an empty one or one made before, and close it to other users (mode 0700)."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        others = {entry.name for entry in folder.iterdir() if entry.name.split(".")[0] not in OURS}
        if others and not (folder / LOCK).exists():
            raise SetupError(f"{folder} holds other files ({min(others)}): set TIJORI_DATA_DIR to a folder of its own")
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise SetupError(
            f"cannot use the data folder {folder}: {error.strerror}; "
            f"set TIJORI_DATA_DIR to one that you may write to, or {OWN_DATABASE}"
        ) from None
    return folder


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; the kernel lets go of it however the process ends."""
    descriptor = open_private(folder / LOCK, os.O_RDWR)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(descriptor, 32, 0).decode().strip()
            raise AlreadyRunningError(f"already running (pid {pid or 'unknown'}) on the data folder {folder}") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def secret(settings: Settings) -> str:
    """The key that signs and hashes; made once and kept, unless the operator gives one."""
    if settings.secret is not None:
        return settings.secret.get_secret_value()
    if settings.database_url is not None:
        raise SetupError(
            "TIJORI_SECRET must be set where DATABASE_URL is, the same for all programs on that database; "
            f"make one with: {HOW_TO_MAKE_ONE}"
        )
    return _kept_secret(prepare(settings.data_dir) / SECRET)


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """The folder itself, as an open descriptor."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def open_private(path: Path, flags: int) -> int:
    """Open a file of the data folder, made with mode 0600 for the folder's owner."""
    try:
        descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0:
            os.fchown(descriptor, path.parent.stat().st_uid, -1)
    except OSError as error:
        raise SetupError(f"cannot open {path}: {error.strerror}") from None
    return descriptor


def _kept_secret(path: Path) -> str:
    if not path.exists():
        _make_secret(path)
    descriptor = open_private(path, os.O_RDONLY)
    os.fchmod(descriptor, 0o600)
    with os.fdopen(descriptor) as file:
        return file.read().strip()


def _make_secret(path: Path) -> None:
    """Written whole under another name first: neither a crash nor a second program leaves half a secret."""
    draft = path.with_name(f"{SECRET}.{secrets.token_hex(8)}")
    with os.fdopen(open_private(draft, os.O_WRONLY | os.O_EXCL), "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
