"""What every signed-in page is: it arrives, stands in the frame, follows what changes, and says so when it cannot."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.frame import frame
from dashboard.components.text import Text, box
from dashboard.live import FINAL_CODES, Feed, Painter
from dashboard.nav import ALL
from dashboard.session import Desk, Visit
from dashboard.shapes.people import Viewer

log = logging.getLogger(__name__)

# A change is drawn at once; of a burst of them, ten pictures a second.
REFRESH_SECONDS = 0.1
# A question that had no answer is asked again though nothing has changed.
ASK_AGAIN_SECONDS = 5.0


Ask = Callable[[], Awaitable[None]]


class Page:
    """One visit's page: built at once, filled once the browser is there, asked to `refresh` after changes."""

    kinds: ClassVar[Sequence[str]] = ()
    """Of the API's ChangeKind: what this page shows. A page that follows wallets has a feed of its own for them."""

    def __init__(self, visit: Visit, banner: Banner) -> None:
        self.visit = visit
        self.banner = banner
        self.unanswered: dict[Ask, ApiError] = {}
        """What of the page could not be asked for again, and why."""
        self.unheard: ApiError | None = None
        """Why changes are not heard of."""

    async def refresh(self) -> None:
        """Asks for what is shown, and shows it. May raise ApiError."""

    async def begin(self) -> None:
        """Keeps the page current until the browser leaves."""
        self.painter = Painter(self.refreshed, interval_seconds=REFRESH_SECONDS)
        self.until_left(self.painter.stop)
        if self.kinds:
            self.follow("Changed", lambda: {"kinds": [*self.kinds]}, self.hear)
        else:
            self.painter.request()

    def follow(self, operation: str, variables: Callable[[], dict[str, object]], receive: Any) -> Feed:
        """Listens to a subscription until the browser leaves."""
        feed = Feed(self.visit.api, operation, variables=variables, receive=receive, status=self.tell)
        self.until_left(feed.stop)
        feed.start()
        return feed

    def until_left(self, stop: Callable[[], None]) -> None:
        """Has something stopped when the browser leaves."""
        assert self.visit.client is not None
        self.visit.client.on_delete(stop)

    async def hear(self, data: dict[str, Any]) -> None:
        """An empty list says that the feed is live: what happened before it is asked for now."""
        kinds = data["changed"]
        if not kinds or set(kinds) & set(self.kinds):
            self.painter.request()

    async def refreshed(self) -> None:
        """A refresh whose failure is told on the page, until one succeeds."""
        await self.attempt(self.refresh)

    async def attempt(self, ask: Ask) -> None:
        """Asks for what is shown, or a part of it; what fails is told on the page until it succeeds."""
        try:
            await ask()
        except ApiError as error:
            problem = error
        except Exception:
            if self.has_left:
                raise
            log.exception("%s", type(self).__name__)
            problem = ApiError("INTERNAL", "Something went wrong.")
        else:
            if self.unanswered.pop(ask, None) is not None:
                self.banner.tell(self.trouble)
            return
        self.unanswered[ask] = problem
        self.fail(problem)

    @property
    def trouble(self) -> ApiError | None:
        """Why what is shown may be old."""
        return self.unheard or next(iter(self.unanswered.values()), None)

    @property
    def has_left(self) -> bool:
        """Whether there is no browser any more that anything could be shown to."""
        return self.visit.client is None or self.visit.client.is_deleted

    def fail(self, error: ApiError) -> None:
        """No answer: to sign in again, or the banner says that what is shown may be old, and it is asked again."""
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
            return
        if not self.unanswered:
            self.unanswered[self.refresh] = error
        self.banner.tell(self.trouble)
        if error.code not in FINAL_CODES:
            asyncio.get_running_loop().call_later(ASK_AGAIN_SECONDS, self.ask_again)

    def ask_again(self) -> None:
        """Unless the browser has left."""
        if not self.has_left:
            self.painter.request()

    def tell(self, error: ApiError | None) -> None:
        """What a feed says about its connection."""
        if error is not None and error.code == "UNAUTHENTICATED":
            self.visit.expire()
            return
        self.unheard = error
        self.banner.tell(self.trouble)


class WholePage(Page):
    """A page that shows nothing before the first answer; where there is none it says why, in the same place."""

    def __init__(self, visit: Visit, banner: Banner) -> None:
        super().__init__(visit, banner)
        self.is_shown = False
        self.body = box("t-stack")
        with self.body:
            self.wait()

    def wait(self) -> None:
        """What stands there until then."""
        states.skeleton(8)

    async def refreshed(self) -> None:
        """Once it is shown it stays, and only the banner tells what fails."""
        await super().refreshed()
        self.is_shown = self.is_shown or self.refresh not in self.unanswered

    def fail(self, error: ApiError) -> None:
        """What is not there yet is asked for again by hand."""
        if self.is_shown or error.code == "UNAUTHENTICATED":
            super().fail(error)
            return
        self.body.clear()
        with self.body, box("t-card"):
            states.failed(error, self.refreshed)

    def say_missing(self, what: str, all_of_them: str, path: str) -> None:
        """There is no such thing, or not for this viewer."""
        self.body.clear()
        with self.body, box("t-card"):
            states.missing(what, all_of_them, path)


async def shown(
    desk: Desk,
    request: Request,
    *,
    active: str,
    make: Callable[[Visit, Banner], Page],
    roles: Sequence[str] = ALL,
    elsewhere: Callable[[Viewer], str | None] = lambda viewer: None,
) -> Response | None:
    """Answers a page request: the page in its frame, or why not, or where to go instead."""
    visit = await desk.arrive(request)
    if isinstance(visit, Response):
        return visit
    if visit.viewer is not None and (path := elsewhere(visit.viewer)):
        return RedirectResponse(path, 303)
    with frame(visit, active=active) as banner:
        if visit.problem is not None:
            with box("t-card"):
                states.failed(visit.problem, visit.again)
            return None
        if visit.viewer is None or visit.viewer["role"] not in roles:
            ui.page_title("No such page · Tijori")
            with box("t-card"):
                states.missing("page", "To the first page", "/")
            return None
        page = make(visit, banner)
    if await visit.settle():
        await page.begin()
    return None


def title(words: str, about: str) -> None:
    """A page's heading, and what it is about."""
    with box("t-title"), box("t-title__words"):
        Text(words, "t-h1", tag="h1")
        Text(about, "t-sub", tag="p")
