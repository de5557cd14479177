"""What every page stands in: the side bar, the header, and the banner for a lost connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui
from nicegui.elements.drawer import LeftDrawer

from dashboard.components.banner import Banner, LiveLight
from dashboard.components.bell import Bell
from dashboard.components.finder import Finder
from dashboard.components.icon import Icon
from dashboard.components.text import Text, box
from dashboard.nav import sections
from dashboard.people import ROLES
from dashboard.session import Visit
from dashboard.theme import ASSETS


@contextmanager
def frame(visit: Visit, *, active: str) -> Iterator[Banner]:
    """The frame of a signed-in page; gives the banner that tells of the live connection."""
    light = ui.dark_mode(visit.dark)
    # Without a value the drawer would ask the browser for one after the page has been built.
    with ui.left_drawer(value=False, top_corner=True, bottom_corner=True) as side:
        side.props("show-if-above width=248 breakpoint=1023").classes("t-side")
        side_bar(visit, active)
    with ui.header().classes("t-header"):
        lamp = header(visit, side, light)
    with box("t-page") as main:  # inside the framework's own <main>
        banner = Banner(lamp)
        yield banner
    ui.skip_link("Skip to the content", target=main)


def side_bar(visit: Visit, active: str) -> None:
    """The product's name and the sections."""
    brand()
    with box("t-nav", "nav").props('aria-label="Sections"'):
        for title, entries in sections(visit.viewer) if visit.viewer else ():
            if title:
                Text(title, "t-nav__section")
            for entry in entries:
                with box("t-nav__entry", "a").props(f"href={entry.path}") as link:
                    Icon(entry.icon)
                    Text(entry.name)
                if entry.path in (active, visit.path):
                    link.classes("t-nav__entry--active").props("aria-current=page")


def brand() -> None:
    """The strongbox and the name, leading to the first page."""
    with box("t-brand", "a").props('href=/ aria-label="Tijori, first page"'):
        box("t-brand__mark", "img").props(f'src={ASSETS}/mark.svg alt=""')
        Text("Tijori", "t-brand__name")


def header(visit: Visit, side: LeftDrawer, light: ui.dark_mode) -> LiveLight:
    """Menu on narrow screens, the live light, the theme, the person."""
    with box("t-iconbtn t-narrow", "button").props('type=button aria-label="Menu"').on("click", side.toggle):
        Icon("menu")
    with box("t-header__brand t-narrow"):
        brand()
    if visit.viewer is not None:
        Finder(visit)
    box("t-space")
    lamp = LiveLight()
    if visit.viewer is not None:
        Bell(visit)
    with box("t-iconbtn", "button").props('type=button aria-label="Dark or light"') as turn:
        Icon("moon", "t-only-light")
        Icon("sun", "t-only-dark")
    turn.on("click", lambda event: light.set_value(event.args), js_handler="() => emit(tijori.toggleTheme())")
    person(visit)
    return lamp


def person(visit: Visit) -> None:
    """Who is signed in, and the way out: a form, so that it works without anything else."""
    if visit.viewer is not None:
        with box("t-person"):
            Text(initials(visit.viewer["name"]), "t-avatar").props("aria-hidden=true")
            with box("t-person__words"):
                Text(visit.viewer["name"], "t-person__name")
                Text(ROLES[visit.viewer["role"]], "t-person__role")
    out = 'type=submit aria-label="Sign out" title="Sign out"'
    with box("t-signout", "form").props("method=post action=/logout"), box("t-iconbtn", "button").props(out):
        Icon("out")


def initials(name: str) -> str:
    """Up to two letters for a person or an organisation."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"
