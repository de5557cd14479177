"""A line between a page and its server on which messages can be held up, either way."""

from collections.abc import Callable

from playwright.async_api import WebSocketRoute

from tests.browser.people import Person

EVENT = '42["event"'
"""How the message begins that tells of a click, a key, or a new value."""


class Line:
    """Everything passes, until only so many more events are let through, or nothing back."""

    def __init__(self) -> None:
        self.lets_through: int | None = None
        self.is_deaf = False
        """Whether what the server says is held."""
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
            if self.is_deaf:
                self.held.append(lambda: page.send(message))
            else:
                page.send(message)

        page.on_message(pass_on)
        server.on_message(pass_back)

    def release(self) -> None:
        """What was held arrives."""
        assert self.held
        self.lets_through, self.is_deaf = None, False
        for send in self.held:
            send()
        self.held.clear()


async def slow_line(person: Person) -> Line:
    """Between every page that is opened from now on and the server."""
    line = Line()
    await person.page.route_web_socket("**/socket.io/**", line.join)
    return line
