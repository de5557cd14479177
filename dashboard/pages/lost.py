"""What is shown where there is no page, or where a page could not be built."""

from nicegui import Client, app, ui
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.components.buttons import link
from dashboard.components.text import Text, box
from dashboard.format import theme_choice
from dashboard.session import HOME
from dashboard.theme import ASSETS


def register() -> None:
    """Takes the place of the framework's own error pages."""

    @app.exception_handler(404)
    async def lost(request: Request, _: Exception) -> Response:
        if request.url.path.startswith(("/_nicegui", "/assets/")):
            return PlainTextResponse("not found", 404)
        with Client(ui.page(""), request=request) as client:
            ui.dark_mode(theme_choice(request.cookies))
            notice("There is no such page", "The address may be mistyped, or what was here is gone.")
        return client.build_response(request, 404)

    @app.on_page_exception
    def broken(_: Exception) -> None:
        notice("Something went wrong here", "It is not your fault, and nothing was changed. Try again in a moment.")


def notice(title: str, words: str) -> None:
    """A card in the middle of the page, with a way out."""
    ui.page_title(f"{title} · Tijori")
    with box("t-login"), box("t-login__card"):
        box("t-login__mark", "img").props(f'src={ASSETS}/mark.svg alt=""')
        Text(title, "t-login__title", tag="h1")
        Text(words, "t-login__words t-center", tag="p")
        link("To the first page", HOME).classes("t-btn--primary t-btn--wide")
