"""The way in."""

from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard.components.login_form import LoginForm
from dashboard.components.text import Text, box
from dashboard.format import theme_choice
from dashboard.session import Desk, local_path
from dashboard.theme import ASSETS

NOTICES = {"expired": "Your session has ended. Sign in again to go on.", "out": "You are signed out."}


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/login", title="Sign in · Tijori")
    def login(request: Request, reason: str = "", back: str = "") -> Response | None:
        if desk.token_of(request) is not None and not reason:
            return RedirectResponse(local_path(back), 303)
        ui.dark_mode(theme_choice(request.cookies))
        with box("t-login"), box("t-login__card"):
            box("t-login__mark", "img").props(f'src={ASSETS}/mark.svg alt=""')
            Text("Sign in to Tijori", "t-login__title", tag="h1")
            Text("Prepaid wallets and usage billing", "t-login__words", tag="p")
            LoginForm(back=local_path(back), notice=NOTICES.get(reason, ""))
        return None
