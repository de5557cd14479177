"""Webhooks: which events there are, when a delivery is tried again, and which URLs and addresses are sent to."""

from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from domain.refusals import BadInput


class EventType(StrEnum):
    """What endpoints hear of."""

    ALERT_FIRED = "alert.fired"
    ALERT_RECOVERED = "alert.recovered"
    TEST = "webhook.test"
    """Sent only to the endpoint that is tested, whatever it listens to."""


CHOOSABLE = tuple(kind for kind in EventType if kind is not EventType.TEST)
"""What an endpoint may ask for."""


class DeliveryStatus(StrEnum):
    """How far a delivery has come."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


DELAYS_SECONDS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""As Standard Webhooks recommends: after the first try at once nine more, over three days."""
JITTER_PER_MILLE = 100
"""So much of a delay is added at most: what failed together does not come again together."""
KEPT_ATTEMPTS = 20
"""Of a delivery; redelivering may make more."""
OLD_SECRET_HOURS = 24
"""So long it signs beside the new one: its receiver changes without missing a message."""
DELIVERIES_KEPT_DAYS = 30
"""Once they are delivered, or have failed."""
MOST_ENDPOINTS = 100
"""Of one tenant, and of all: each event is written once for every one that hears of it."""
LONGEST_URL = 2_000
_GONE = 410
_TRANSLATED = ip_network("64:ff9b::/96")
"""Where an IPv4 address stands in the last 32 bits (NAT64)."""


def next_attempt(tries: int, at: datetime, jitter_per_mille: int) -> datetime | None:
    """When the delivery is tried again whose last try, the `tries`-th, failed at this instant; None: no more."""
    assert tries >= 1
    assert 0 <= jitter_per_mille <= JITTER_PER_MILLE
    if tries > len(DELAYS_SECONDS):
        return None
    delay = timedelta(seconds=DELAYS_SECONDS[tries - 1])
    return at + delay + delay * jitter_per_mille / 1_000


def delivered(status_code: int | None) -> bool:
    """Whether the endpoint has taken the message."""
    return status_code is not None and 200 <= status_code <= 299


def gone(status_code: int | None) -> bool:
    """Whether the endpoint wants no more of them."""
    return status_code == _GONE


def checked_url(url: str, *, private: bool) -> str:
    """The URL if messages may be sent there. `private`: this machine's network is allowed, and http in it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadInput("url is none: send one like https://example.com/webhooks.") from None
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise BadInput(f"url takes up to {LONGEST_URL} printable ASCII characters, without spaces.")
    if parts.scheme not in ("https", "http") or not host or port == 0:
        raise BadInput("url must be one like https://example.com/webhooks.")
    if parts.scheme == "http" and not private:
        raise BadInput("url must begin with https:// so that nobody on the way reads the messages.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadInput("url takes no user, password or fragment: the signature says who sends.")
    if (literal := _literal(host)) and not may_reach(literal, private=private):
        raise BadInput(f"url leads to {literal}, an address in a private network: it is not sent to.")
    return url


def may_reach(address: IPv4Address | IPv6Address, *, private: bool) -> bool:
    """Whether messages are sent there: to public addresses, and to private ones where that is allowed.

    Link-local ones never: clouds keep their credentials there.
    """
    if isinstance(address, IPv6Address) and (inner := _inner(address)) is not None:
        return may_reach(inner, private=private)
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return False
    return private or is_public(address)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is one of the internet's own."""
    return address.is_global and not (address.is_private or address.is_reserved or address.is_loopback)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that it stands for."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
