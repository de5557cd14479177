"""What the dashboard says of webhook endpoints and deliveries."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from dashboard.format import manner
from dashboard.shapes.webhooks import WebhookDelivery, WebhookEndpoint
from dashboard.webhook_words import bare, called, failing_long, hears, last_answer, state, tries, trouble

INDIA = manner("en-IN", "Asia/Kolkata")
SINCE = "2025-03-01T00:00:00Z"
AGAIN = "2025-03-01T00:05:00Z"


def endpoint(**more: Any) -> WebhookEndpoint:
    plain: dict[str, Any] = {
        "id": "whe_1",
        "url": "https://example.com/hooks",
        "description": "",
        "tenant": None,
        "eventTypes": [],
    }
    rest = dict.fromkeys(("failingSince", "goneAt", "oldSecretUntil", "deletedAt"))
    return cast(WebhookEndpoint, {**plain, "active": True, **rest, **more})


def delivery(*attempts: tuple[int | None, str | None], again: str | None = None) -> WebhookDelivery:
    told = [{"time": SINCE, "statusCode": code, "error": why, "durationMilliseconds": 1_234} for code, why in attempts]
    return cast(WebhookDelivery, {"status": "PENDING", "nextAttemptAt": again, "attempts": told})


@pytest.mark.parametrize(
    ("more", "word", "says"),
    [
        ({}, "On", ""),
        ({"active": False}, "Off", ""),
        ({"failingSince": SINCE}, "Failing", "It has taken no message since 1 Mar 2025, 5:30\u00a0am."),
        ({"failingSince": SINCE, "active": False}, "Off", ""),
        (
            {"failingSince": SINCE, "active": False, "goneAt": SINCE},
            "Gone",
            "It answered that it is gone on 1 Mar 2025, 5:30\u00a0am, and was switched off.",
        ),
        ({"oldSecretUntil": SINCE}, "On", "The secret before signs too until 1 Mar 2025, 5:30\u00a0am."),
    ],
)
def test_an_endpoint_says_how_it_does(more: dict[str, Any], word: str, says: str) -> None:
    assert state(endpoint(**more))[0] == word
    assert trouble(endpoint(**more), INDIA) == says


def test_an_endpoint_says_what_it_hears_and_what_it_is_called() -> None:
    one = endpoint(tenant={"id": "ten_1", "name": "Asha Press"}, eventTypes=["alert.fired", "some.new"])
    assert hears(one) == "Alert fired, some.new · of Asha Press"
    assert hears(endpoint()) == "All events · of all tenants"
    assert (called(endpoint()), called(endpoint(description="Books"))) == ("example.com/hooks", "Books")
    assert len(bare("https://example.com/" + "a" * 100)) == 48


def test_who_has_failed_for_a_day_needs_to_be_looked_at() -> None:
    days = [datetime(2025, 3, day, tzinfo=UTC) for day in (1, 2)]
    assert [failing_long(endpoint(failingSince=SINCE), day) for day in days] == [False, True]
    assert not failing_long(endpoint(failingSince=SINCE, active=False), days[1])
    assert not failing_long(endpoint(), days[1])


def test_a_delivery_says_what_came_of_it() -> None:
    assert (last_answer(delivery()), tries(delivery(again=AGAIN), INDIA)) == ("Not sent yet", "")
    failed = delivery((500, "500 Broken"), again=AGAIN)
    assert (last_answer(failed), tries(failed, INDIA)) == ("500 Broken", "1 attempt, again 1 Mar 2025, 5:35\u00a0am")
    taken = delivery((None, "No answer within 15 seconds."), (200, None))
    assert (last_answer(taken), tries(taken, INDIA)) == ("200 after 1,234 ms", "2 attempts")
