"""A line between a page and its server on which messages can be held up, either way."""

import asyncio
from collections.abc import Callable

from playwright.async_api import WebSocketRoute

from tests.browser.people import Person

EVENT = '42["event"'
"""How the message begins that tells of a click, a key, or a new value."""


class Line:
    """Everything passes, until only so many more events are let through, or nothing back."""

    def __init__(self) -> None:
        self.lets_through: int | None = None
        self.awaited: str | None = None
        self.was_said = asyncio.Event()
        self.held: list[Callable[[], None]] = []

    def join(self, page: WebSocketRoute) -> None:
        """Stands between a page's socket and the server's."""
        server = page.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            is_event = isinstance(message, str) and message.startswith(EVENT)
            if is_event and self.lets_through == 0:
                self.held.append(lambda: server.send(message))
                return
            if is_event and self.lets_through is not None:
                self.lets_through -= 1
            server.send(message)

        def pass_back(message: str | bytes) -> None:
            if self.awaited is None:
                page.send(message)
                return
            self.held.append(lambda: page.send(message))
            if self.awaited in str(message):
                self.was_said.set()

        page.on_message(pass_on)
        server.on_message(pass_back)

    def keep_back(self, awaited: str) -> None:
        """What the server says is held from now on. `was_said` is set once these words are among it."""
        self.awaited = awaited
        self.was_said.clear()

    def release(self) -> None:
        """What was held arrives."""
        assert self.held
        self.lets_through = self.awaited = None
        for send in self.held:
            send()
        self.held.clear()


async def slow_line(person: Person) -> Line:
    """Between every page that is opened from now on and the server."""
    line = Line()
    await person.page.route_web_socket("**/socket.io/**", line.join)
    return line
