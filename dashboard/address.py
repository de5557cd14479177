"""What the address bar says: a page's path, and what is looked at on it, so that going back finds it again."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from nicegui import ui


def address(path: str, given: Mapping[str, str]) -> str:
    """The path, with those of the given that say something."""
    query = urlencode({name: value for name, value in given.items() if value}, quote_via=quote)
    return f"{path}?{query}" if query else path


def show_address(path: str, given: Mapping[str, str]) -> None:
    """In place of what the address bar says now; the page stays."""
    ui.navigate.history.replace(address(path, given))
