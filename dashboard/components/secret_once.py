"""A webhook's new secret, shown this once."""

from nicegui import ui

from dashboard.components.icon import Icon
from dashboard.components.text import Text, box
from dashboard.components.token_once import TokenOnce


def show_secret(name: str, secret: str) -> None:
    """A dialog that closes by its button alone: a click beside it would lose the secret for good."""
    title = f"The secret of {name}"
    with ui.dialog().props("persistent") as dialog, box("t-dialog"):
        dialog.on("hide", dialog.delete)
        dialog.props["aria-label"] = title
        with box("t-dialog__head"):
            Text(title, "t-h2", tag="h2")
        with box("t-dialog__body"):
            with box("t-callout t-callout--warn", "p").props("role=status"):
                Icon("alert")
                Text("Copy it now: you will not see it again. A new one can be made at any time.")
            TokenOnce(secret, "", label="The secret, for the receiver's settings")
            how = "The receiver checks with it that messages are ours, as Standard Webhooks has it."
            Text(how, "t-sub", tag="p")
        with box("t-dialog__foot"), box("t-btn t-btn--primary", "button").props("type=button") as button:
            Text("I have copied it")
        button.on("click", dialog.close)
    dialog.open()
