"""A webhook's new secret, shown this once."""

from dashboard.components.text import Text
from dashboard.components.token_once import TokenOnce, shown_once


def show_secret(name: str, secret: str) -> None:
    """In a dialog of its own."""
    with shown_once(f"The secret of {name}", "A new one can be made at any time."):
        TokenOnce(secret, "", label="The secret, for the receiver's settings")
        how = "The receiver checks with it that messages are ours, as Standard Webhooks has it."
        Text(how, "t-sub", tag="p")
