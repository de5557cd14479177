"""What an endpoint may be given, where messages go, and when a failed one is sent again."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from domain import access
from domain.refusals import BadInput
from domain.webhooks import DELAYS_SECONDS, checked_url, is_public, may_reach, next_attempt
from services.webhook_endpoints import (
    NewEndpoint,
    create_endpoint,
)
from tests.world import World, opened_world

world = opened_world
URL = "https://example.com/hooks"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://example.com/", "https://"),
        ("https://user:word@example.com/", "no user, password or fragment"),
        ("https://example.com/#part", "no user, password or fragment"),
        ("ftp://example.com/", "https://example.com"),
        ("https://", "https://example.com"),
        ("https://[::1", "https://example.com"),
        ("https://example.com:0/", "https://example.com"),
        ("https://example.com/a b", "printable"),
        ("https://exämple.com/", "ASCII"),
        ("https://example.com/" + "a" * 2_000, "2000"),
        ("https://127.0.0.1/", "private network"),
        ("https://[::ffff:10.0.0.1]/", "private network"),
    ],
)
def test_a_url_that_cannot_be_sent_to_is_refused_at_once(url: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        checked_url(url, private=False)


async def test_an_endpoint_chooses_of_the_events_that_there_are(world: World) -> None:
    asked = [NewEndpoint(URL, event_types=["alert.fired", "no.such"]), NewEndpoint(URL, event_types=["webhook.test"])]
    for one, says in zip(
        [*asked, NewEndpoint(URL, "two\nlines")], ("no.such", "webhook.test", "line break"), strict=True
    ):
        async with world.refuses(BadInput) as caught:
            await create_endpoint(world.core, access.SYSTEM, one)
        assert says in str(caught.value)


@pytest.mark.parametrize(
    ("address", "public", "private"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1::1", True, True),
        ("127.0.0.1", False, True),
        ("10.1.2.3", False, True),
        ("172.16.0.1", False, True),
        ("192.168.1.1", False, True),
        ("100.64.0.1", False, True),
        ("::1", False, True),
        ("fd00::1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("64:ff9b::10.0.0.1", False, True),
        ("64:ff9b::93.184.216.34", True, True),
        ("2002:7f00:1::", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("ff02::1", False, False),
        ("255.255.255.255", False, True),
    ],
)
def test_messages_go_to_public_addresses_and_to_private_ones_where_that_is_allowed(
    address: str, public: bool, private: bool
) -> None:
    found = ip_address(address)
    assert (may_reach(found, private=False), may_reach(found, private=True)) == (public, private)


def test_a_private_network_may_be_sent_to_without_tls_where_that_is_allowed() -> None:
    assert checked_url("http://10.0.0.5:8000/hooks", private=True)
    with pytest.raises(BadInput):
        checked_url("http://169.254.169.254/", private=True)
    assert not is_public(ip_address("10.0.0.5"))


def test_a_failed_message_is_tried_nine_times_more_over_three_days_each_up_to_a_tenth_later() -> None:
    start = datetime(2025, 2, 1, tzinfo=UTC)
    for tries, delay in enumerate(DELAYS_SECONDS, 1):
        assert next_attempt(tries, start, 0) == start + timedelta(seconds=delay)
        assert next_attempt(tries, start, 100) == start + timedelta(seconds=delay) * 1.1
    assert next_attempt(10, start, 0) is None
    assert timedelta(seconds=sum(DELAYS_SECONDS)) > timedelta(days=3)
