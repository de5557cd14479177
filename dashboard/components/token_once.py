"""A new token, shown this once, with a first request to try it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import orjson
from nicegui import ui
from nicegui.element import Element

from dashboard.components.icon import Icon
from dashboard.components.text import Text, box

# What a token may ask first, by a permission of its own; the first that it has.
EXAMPLES = (
    ("wallet:read", "{ wallets(first: 3) { edges { node { id balance { available } } } } }"),
    ("tenant:read", "{ tenants(first: 3) { edges { node { id name } } } }"),
    ("invoice:read", "{ invoices(first: 3) { edges { node { number status totalMinor } } } }"),
    ("user:read", "{ users(first: 3) { edges { node { id name } } } }"),
    ("audit:read", "{ audit(first: 3) { edges { node { time actor action } } } }"),
    (
        "usage:write",
        'mutation { recordUsage(input: { dryRun: true, events: [{ tenantId: "TENANT", service: "EPAPER", '
        'quantity: 1, key: "first-try" }] }) { __typename ... on Refusal { message } } }',
    ),
)
ANY = "{ __typename }"
SOME_TENANT = "ten_…"


class TokenOnce(Element, component="token_once.js"):
    """The token, a request where there is one, and a button to copy each."""

    def __init__(self, token: str, body: str, *, label: str = "The token") -> None:
        super().__init__()
        self._props["token"] = token
        self._props["label"] = label
        self._props["body"] = body


def first_request(permissions: Collection[str], tenant_id: str | None) -> str:
    """The body of a request that a token with these may make: JSON without single quotes, for a shell."""
    document = next((text for permission, text in EXAMPLES if permission in permissions), ANY)
    return orjson.dumps({"query": document.replace("TENANT", tenant_id or SOME_TENANT)}).decode()


def show_once(name: str, token: str, body: str) -> None:
    """In a dialog of its own."""
    with shown_once(f"The token of {name}", "Only a fingerprint of it is kept."):
        TokenOnce(token, body)


@contextmanager
def shown_once(title: str, after_that: str) -> Iterator[None]:
    """A dialog that closes by its button alone: a click beside it would lose what it shows for good."""
    with ui.dialog().props("persistent") as dialog, box("t-dialog"):
        dialog.on("hide", dialog.delete)
        dialog.props["aria-label"] = title
        with box("t-dialog__head"):
            Text(title, "t-h2", tag="h2")
        with box("t-dialog__body"):
            with box("t-callout t-callout--warn", "p").props("role=status"):
                Icon("alert")
                Text(f"Copy it now: you will not see it again. {after_that}")
            yield
        with box("t-dialog__foot"), box("t-btn t-btn--primary", "button").props("type=button") as button:
            Text("I have copied it")
        button.on("click", dialog.close)
    dialog.open()
