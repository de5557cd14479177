"""What is said of webhook endpoints and deliveries."""

from datetime import datetime, timedelta

from dashboard.components.data_table import Badge
from dashboard.format import Manner, at
from dashboard.shapes.webhooks import DeliveredTo, Status, WebhookAttempt, WebhookDelivery, WebhookEndpoint

EVENTS = {
    "alert.fired": "Alert fired",
    "alert.recovered": "Alert recovered",
    "webhook.test": "Test",
}
STATUSES: dict[Status, tuple[str, str]] = {
    "PENDING": ("Waiting", "info"),
    "DELIVERED": ("Delivered", "positive"),
    "FAILED": ("Failed", "danger"),
}
ROOM = 48
LONG = timedelta(days=1)
"""An endpoint that has failed for so long needs somebody to look at it."""


def event_words(kind: str) -> str:
    """An event's type in words; as it is where it is a new one."""
    return EVENTS.get(kind, kind)


def bare(url: str) -> str:
    """A URL without what goes without saying, as far as there is room for it."""
    shown = url.removeprefix("https://")
    return shown if len(shown) <= ROOM else f"{shown[: ROOM - 1]}…"


def called(endpoint: WebhookEndpoint | DeliveredTo) -> str:
    """What an endpoint is known by."""
    return endpoint["description"] or bare(endpoint["url"])


def hears(endpoint: WebhookEndpoint) -> str:
    """Of what and of whom it hears."""
    kinds = [event_words(kind).lower() for kind in endpoint["eventTypes"]]
    whose = endpoint["tenant"]["name"] if endpoint["tenant"] else "all tenants"
    return f"{', '.join(kinds).capitalize() if kinds else 'All events'} · of {whose}"


def hears_then(endpoint: WebhookEndpoint) -> str:
    """The same, of what it would be."""
    words = hears(endpoint)
    return f"It is sent, from then on: {words[0].lower()}{words[1:]}."


def state(endpoint: WebhookEndpoint) -> tuple[str, str]:
    """In a word, with its tone, how it does."""
    if endpoint["goneAt"]:
        return "Gone", "danger"
    if not endpoint["active"]:
        return "Off", "muted"
    return ("Failing", "danger") if endpoint["failingSince"] else ("On", "positive")


def trouble(endpoint: WebhookEndpoint, manner: Manner) -> str:
    """What else there is to know of it; empty where all is well."""
    said = []
    if endpoint["goneAt"]:
        said.append(f"It answered that it is gone on {manner.moment(endpoint['goneAt'])}, and was switched off.")
    elif endpoint["active"] and endpoint["failingSince"]:
        said.append(f"It has taken no message since {manner.moment(endpoint['failingSince'])}.")
    if endpoint["oldSecretUntil"]:
        said.append(f"The secret before signs too until {manner.moment(endpoint['oldSecretUntil'])}.")
    return " ".join(said)


def failing_long(endpoint: WebhookEndpoint, now: datetime) -> bool:
    """Whether somebody should look at it."""
    since = endpoint["failingSince"]
    return endpoint["active"] and since is not None and now - at(since) >= LONG


def status_badge(delivery: WebhookDelivery) -> Badge:
    """How far it has come."""
    text, tone = STATUSES[delivery["status"]]
    return {"text": text, "tone": tone}


def last_answer(delivery: WebhookDelivery) -> str:
    """What the newest attempt came to."""
    attempts = delivery["attempts"]
    return answer(attempts[-1]) if attempts else "Not sent yet"


def answer(attempt: WebhookAttempt) -> str:
    """What an attempt came to, in a line."""
    if attempt["error"] is not None:
        return attempt["error"]
    return f"{attempt['statusCode']} after {attempt['durationMilliseconds']:,} ms"


def tries(delivery: WebhookDelivery, manner: Manner) -> str:
    """How often it was tried, and when it is again."""
    number = len(delivery["attempts"])
    told = "1 attempt" if number == 1 else f"{number} attempts" if number else ""
    if delivery["nextAttemptAt"] and number:
        return f"{told}, again {manner.moment(delivery['nextAttemptAt'])}"
    return told
