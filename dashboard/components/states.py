"""What a section shows when it has no data to show: it loads, there is none, or something failed."""

from collections.abc import Callable

from dashboard.client import ApiError
from dashboard.components.buttons import link
from dashboard.components.icon import Icon
from dashboard.components.text import Text, box

WHAT_TO_DO = {
    "UNAVAILABLE": "The server cannot be reached. It may be restarting.",
    "FORBIDDEN": "Your role does not allow this. Ask an administrator.",
}


def skeleton(lines: int) -> None:
    """Grey lines where rows will be."""
    with box("t-skeleton").props('role=status aria-label="Loading"'):
        for _ in range(lines):
            box("t-skeleton__line")


def empty(title: str, advice: str) -> None:
    """Nothing there, and what to do about it."""
    with box("t-state"):
        Icon("empty", "t-state__icon")
        Text(title, "t-state__title", tag="h2")
        Text(advice, "t-state__words", tag="p")


def missing(what: str, all_of_them: str, path: str) -> None:
    """It is not there, or not for this viewer: the two look alike on purpose."""
    with box("t-state"):
        Icon("empty", "t-state__icon")
        Text(f"No such {what}", "t-state__title", tag="h1")
        Text("It does not exist, or it is not yours to see.", "t-state__words", tag="p")
        link(all_of_them, path)


def failed(error: ApiError, retry: Callable[[], object]) -> None:
    """What went wrong, and a way to try again."""
    with box("t-state").props("role=alert"):
        Icon("alert", "t-state__icon t-state__icon--small t-tone--danger")
        Text("This could not be loaded", "t-state__title", tag="h2")
        Text(WHAT_TO_DO.get(error.code, str(error)), "t-state__words", tag="p")
        with box("t-btn", "button").props("type=button").on("click", lambda: retry()):
            Text("Try again")
