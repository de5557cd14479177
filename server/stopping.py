"""Ctrl-C and SIGTERM for a command that writes in steps: the step under way is done first."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

INTERRUPTED = 130
"""The exit code that shells give to Ctrl-C."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Whether to stop before the next step. A second signal ends the program at once."""
    loop, asked = asyncio.get_running_loop(), False

    def stop() -> None:
        nonlocal asked
        asked = True
        _leave(loop)

    for one in _SIGNALS:
        loop.add_signal_handler(one, stop)
    try:
        yield lambda: asked
    finally:
        _leave(loop)


def _leave(loop: asyncio.AbstractEventLoop) -> None:
    for one in _SIGNALS:
        if loop.remove_signal_handler(one):
            signal.signal(one, signal.default_int_handler)
