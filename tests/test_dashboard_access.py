"""Devices, permissions and first requests: what the page about access says of them."""

import shlex
from pathlib import Path

import orjson
import pytest
from graphql import build_schema, parse, validate

from dashboard.components.strength import level
from dashboard.components.token_once import EXAMPLES, first_request
from dashboard.devices import device
from dashboard.permissions import WORDS, grouped, in_words, is_reading, summary
from domain.access import PERMISSIONS, READ_ONLY, Role

SDL = build_schema((Path(__file__).parent.parent / "schema/schema.graphql").read_text())
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
DEVICES = {
    WINDOWS: "Chrome on Windows",
    f"{WINDOWS} Edg/131.0": "Edge on Windows",
    f"{WINDOWS} OPR/116.0": "Opera on Windows",
    f"{MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15": "Safari on a Mac",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0": "Firefox on Linux",
    "Mozilla/5.0 (Linux; Android 14; Pixel) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36": "Chrome on Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) AppleWebKit/605 CriOS/131.0 Mobile Safari/604.1": "Chrome on an iPhone",
    "Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36": "Chrome on ChromeOS",
    "Mozilla/5.0 (something new)": "A browser",
    "curl/8.5.0": "curl",
    "python-httpx/0.28.1": "python-httpx",
    "Apache-HttpClient/4.5 (Java/17)": "Apache-HttpClient",
    "x" * 255: "x" * 40,
    "": "Something that does not say what it is",
}


@pytest.mark.parametrize("agent", DEVICES)
def test_a_device_is_named_in_words(agent: str) -> None:
    assert device(agent) == DEVICES[agent]


def test_every_permission_has_words_and_a_group_and_none_is_of_the_past() -> None:
    everything = PERMISSIONS[Role.SUPER_ADMIN]
    assert set(WORDS) == everything
    assert [name for _, names in grouped(everything) for name in names] == list(WORDS)
    assert all(map(is_reading, READ_ONLY))


def test_a_permission_without_words_is_offered_by_its_name() -> None:
    assert in_words("moon:read") == "moon:read"
    assert grouped(["moon:read", "wallet:read"]) == [("Wallets", ["wallet:read"]), ("Others", ["moon:read"])]


def test_how_much_a_token_may_do_is_said_in_short() -> None:
    assert summary(["wallet:read"]) == "Reads 1 kind of things"
    assert summary(["wallet:read", "price:read"]) == "Reads 2 kinds of things"
    assert summary(["wallet:read", "usage:write"]) == "Reads 1, changes 1"
    assert summary(["usage:write"]) == "Changes 1, reads nothing"


@pytest.mark.parametrize("permission", [*(name for name, _ in EXAMPLES), "token:write"])
def test_a_first_request_is_valid_and_stands_in_a_shell_as_it_is(permission: str) -> None:
    body = first_request([permission], "ten_1")
    assert shlex.split(f"-d '{body}'") == ["-d", body]
    assert validate(SDL, parse(orjson.loads(body)["query"])) == []


def test_the_meter_fills_with_the_guesses_and_says_what_the_api_says() -> None:
    assert level(None)[0] == 0
    assert level({"power": 6, "problem": "tried first"}) == (1, "tried first", "danger")
    assert [level({"power": power, "problem": None})[0] for power in (8, 9, 10, 12, 13, 20)] == [2, 2, 3, 3, 4, 4]
