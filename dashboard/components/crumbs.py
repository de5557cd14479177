"""The way back, above a page's title."""

from dashboard.components.icon import Icon
from dashboard.components.text import Text, box


def crumbs(*steps: tuple[str, str], here: str) -> None:
    """Pages above this one, by word and path, and what this one is called."""
    with box("t-crumbs", "nav").props('aria-label="Where this is"'):
        for words, path in steps:
            with box("", "a").props(f"href={path}"):
                Text(words)
            Icon("right")
        Text(here)
