"""What every signed-in page is: it arrives, stands in the frame, follows what changes, and says so when it cannot."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.frame import frame
from dashboard.components.text import Text, box
from dashboard.live import Feed, Painter
from dashboard.nav import ALL
from dashboard.session import Desk, Visit
from dashboard.shapes.people import Viewer

# A change is drawn at once; of a burst of them, ten pictures a second.
REFRESH_SECONDS = 0.1


class Page:
    """One visit's page: built at once, filled once the browser is there, asked to `refresh` after changes."""

    kinds: ClassVar[Sequence[str]] = ()
    """Of the API's ChangeKind: what this page shows. A page that follows wallets has a feed of its own for them."""

    def __init__(self, visit: Visit, banner: Banner) -> None:
        self.visit = visit
        self.banner = banner

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
        """A refresh whose failure is told on the page."""
        try:
            await self.refresh()
        except ApiError as error:
            self.fail(error)

    def fail(self, error: ApiError) -> None:
        """No answer: to sign in again, or the banner says that what is shown may be old."""
        self.tell(error)

    def tell(self, error: ApiError | None) -> None:
        """What a feed says about its connection."""
        if error is not None and error.code == "UNAUTHENTICATED":
            self.visit.expire()
        else:
            self.banner.tell(error)


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
