"""The command line in processes of its own that begin at once: forks of one that has imported everything.

A program started anew spends most of a second on that, each time.
"""

import multiprocessing
import os
import shutil
import signal
import sys
from pathlib import Path
from tempfile import mkdtemp

from tests.programs import ROOT, inherited

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.commands", "server.create_missing_wallets", "server.import_users"])
_SAID = "stdout", "stderr"


class Command:
    """One under way: to be signalled, and waited for."""

    def __init__(self, words: tuple[str, ...], environ: dict[str, str]) -> None:
        self._folder = Path(mkdtemp())
        for name in _SAID:
            (self._folder / name).touch()
        self._done: Done | None = None
        self._process = _CONTEXT.Process(target=_run, args=(words, environ, self._folder))
        self._process.start()

    def send_signal(self, which: signal.Signals) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, which)

    def ended(self) -> "Done":
        """Once it has; its answer."""
        if self._done is None:
            self._process.join(60)
            assert self._process.exitcode is not None, "it has not ended within 60 s"
            said = [(self._folder / name).read_text(encoding="utf-8") for name in _SAID]
            self._done = Done(self._process.exitcode, *said)
            shutil.rmtree(self._folder)
        return self._done


class Done:
    """What it said, and its exit code."""

    def __init__(self, returncode: int, stdout: str, stderr: str) -> None:
        self.returncode, self.stdout, self.stderr = returncode, stdout, stderr


def begun(*words: str, **environ: str) -> Command:
    """With only these settings in its environment."""
    return Command(words, {**inherited(), **environ})


def tijori(*words: str, **environ: str) -> Done:
    """To its end."""
    return begun(*words, **environ).ended()


def _run(words: tuple[str, ...], environ: dict[str, str], folder: Path) -> None:
    from server.cli import main

    os.setsid()
    for number, name in enumerate(_SAID, 1):
        os.dup2(os.open(folder / name, os.O_WRONLY), number)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(ROOT)
    sys.argv = ["manage.py", *words]
    main()
