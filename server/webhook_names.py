"""The addresses that names have, looked up beside everything else: a name takes one place, however many ask for it.

A look-up cannot be ended. It runs in a thread that no end of the process waits for, and whoever asks may go away.
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Thread

Address = IPv4Address | IPv6Address
Found = Sequence[Address] | Exception
AT_ONCE = 100
"""Names. Each of them may take as long as the resolver has patience, which is half a minute and more."""


def look_up(host: str, port: int) -> list[Address]:
    """Waits. Raises OSError; ValueError for what is no name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(address[0]) for *_, address in found))


class Names:
    """One per process. `look`: what is done in the thread."""

    def __init__(self, look: Callable[[str, int], Sequence[Address]] = look_up) -> None:
        self._look = look
        self._places = asyncio.Semaphore(AT_ONCE)
        self._asked: dict[tuple[str, int], asyncio.Future[Found]] = {}

    async def addresses(self, host: str, port: int) -> Sequence[Address]:
        """Raises what the look-up raises."""
        key = host, port
        while key not in self._asked:
            await self._places.acquire()
            if key in self._asked:  # meanwhile
                self._places.release()
            else:
                self._begin(key)
        found = await asyncio.shield(self._asked[key])
        if isinstance(found, Exception):
            raise found
        return found

    def _begin(self, key: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()
        try:
            Thread(target=self._run, args=(loop, key), name="webhook-names", daemon=True).start()
        except RuntimeError:  # there are as many as the machine has
            self._places.release()
            raise
        self._asked[key] = loop.create_future()

    def _run(self, loop: asyncio.AbstractEventLoop, key: tuple[str, int]) -> None:
        found: Found
        try:
            found = self._look(*key)
        except Exception as error:
            found = error
        with suppress(RuntimeError):  # the loop has ended, and with it whoever asked
            loop.call_soon_threadsafe(self._end, key, found)

    def _end(self, key: tuple[str, int], found: Found) -> None:
        self._asked.pop(key).set_result(found)
        self._places.release()
