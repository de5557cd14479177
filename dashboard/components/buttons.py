"""Buttons with a word and a drawing, links that look like buttons, and ids that are copied by a click."""

from collections.abc import Callable

from nicegui import ui

from dashboard.components.icon import Icon
from dashboard.components.text import Text, box


def action(words: str, icon: str, act: Callable[[], object]) -> ui.element:
    """A button that does something."""
    with box("t-btn", "button").props("type=button").on("click", lambda: act()) as button:
        Icon(icon)
        Text(words)
    return button


def link(words: str, path: str, icon: str = "") -> ui.element:
    """A link that looks like a button."""
    with box("t-btn", "a") as element:
        element.props["href"] = path
        if icon:
            Icon(icon)
        Text(words)
    return element


def download(words: str, path: str) -> ui.element:
    """A link that saves a file."""
    element = link(words, path, "download")
    element.props["download"] = ""
    return element


def copied_id(what: str, thing_id: str) -> ui.element:
    """An id that a click copies; `what` says whose it is."""
    with box("t-copy", "button").props("type=button") as button:
        button.props["title"] = f"Copy the {what}'s id"
        button.props["data-id"] = thing_id
        Text(thing_id, "t-mono")
        Icon("copy")
    button.on("click", js_handler="(event) => tijori.copy(event.currentTarget.dataset.id)")
    return button
