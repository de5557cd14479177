"""Access: where one is signed in, one's password, and tokens for programs."""

import asyncio

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.components.banner import Banner
from dashboard.components.session_card import SessionCard
from dashboard.components.token_card import TokenCard
from dashboard.nav import STAFF
from dashboard.page import Page, shown, title
from dashboard.session import Desk, Visit


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/access", title="Access · Tijori")
    async def access(request: Request) -> Response | None:
        return await shown(desk, request, active="/access", make=AccessPage)


class AccessPage(Page):
    """Everybody has sessions; tokens are for those who make them, and for those who read everything."""

    kinds = ("ACCESS",)

    def __init__(self, visit: Visit, banner: Banner) -> None:
        super().__init__(visit, banner)
        title("Access", "Where you are signed in, your password, and tokens for programs.")
        self.sessions = SessionCard(visit)
        sees_tokens = visit.viewer is not None and visit.viewer["role"] in STAFF
        self.tokens = TokenCard(visit) if sees_tokens else None

    async def refresh(self) -> None:
        """Both at once."""
        await asyncio.gather(self.sessions.load(), *([self.tokens.load()] if self.tokens else []))
