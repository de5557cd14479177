"""What other sites can do to someone signed in here: nothing. And what a sign-in that is not one of ours is told."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Route, expect

from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Person, Served

pytestmark = pytest.mark.browser

ELSEWHERE = "http://news.example/"
JSON = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
ASKS = "Type your phone number and your password."


@pytest_asyncio.fixture
async def stranger(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """A client that keeps no cookies."""
    async with httpx.AsyncClient(base_url=served.url, trust_env=False) as client:
        yield client


async def open_elsewhere(person: Person, body: str) -> None:
    """Shows a page of another site."""

    async def answer(route: Route) -> None:
        await route.fulfill(body=f"<!doctype html><title>News</title>{body}", content_type="text/html")

    await person.page.route(f"{ELSEWHERE}**", answer)
    await person.page.goto(ELSEWHERE)


def forget_elsewhere(person: Person) -> None:
    """The visit to the other site was the test's own doing."""
    person.requests[:] = [url for url in person.requests if not url.startswith(ELSEWHERE)]


@pytest.mark.proof
async def test_a_link_from_another_site_finds_its_page_and_leaves_who_follows_it_signed_in(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    _, wallet = arranger.tenant("Linked From Elsewhere")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await open_elsewhere(person, f'<a href="{person.url}/wallet/{wallet}?from=news#top">Read on</a>')
    await person.page.get_by_text("Read on").click()
    await expect(person.page.locator("h1")).to_have_text("Linked From Elsewhere")
    await person.page.go_back()
    await expect(person.page).to_have_url(ELSEWHERE)
    await person.page.goto(f"{person.url}/wallet")
    await expect(person.page.locator("h1")).to_have_text("Wallet Management")
    forget_elsewhere(person)


async def test_who_is_not_signed_in_and_follows_a_link_from_another_site_is_led_to_sign_in(
    meet: Meet, served: Served
) -> None:
    person = await meet()
    await open_elsewhere(person, f'<a href="{person.url}/wallet?chip=Due">Read on</a>')
    await person.page.get_by_text("Read on").click()
    await person.type_credentials(served.phone, served.password)
    await expect(person.page).to_have_url(f"{person.url}/wallet?chip=Due")
    forget_elsewhere(person)


@pytest.mark.proof
@pytest.mark.parametrize("path", ["/logout", "/login"])
async def test_a_form_of_another_site_is_refused_and_signs_nobody_out(meet: Meet, served: Served, path: str) -> None:
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await open_elsewhere(person, f'<form method="post" action="{person.url}{path}"><button>Win</button></form>')
    async with person.page.expect_response(f"**{path}") as answer:
        await person.page.get_by_role("button", name="Win").click()
    assert (await answer.value).status == 403
    await person.page.goto(f"{person.url}/wallet")
    await expect(person.page.locator("h1")).to_have_text("Wallet Management")
    forget_elsewhere(person)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://news.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/login", "/logout"])
async def test_a_post_that_another_site_makes_is_refused_without_a_cookie(
    stranger: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    answer = await stranger.post(path, headers=headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_post_of_our_own_from_a_browser_that_only_tells_its_origin_is_let_in(
    stranger: httpx.AsyncClient, served: Served
) -> None:
    host = urlsplit(served.url).netloc
    answer = await stranger.post("/logout", headers={"Origin": f"http://{host}", "Host": host})
    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/login", "/wallet", "/", "/no-such-page", "/wallet/x"])
async def test_only_signing_in_and_out_set_the_session_cookie(stranger: httpx.AsyncClient, path: str) -> None:
    ours = await stranger.get(path)
    theirs = await stranger.get(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert "set-cookie" not in ours.headers
    assert "set-cookie" not in theirs.headers
    assert theirs.headers["cache-control"] == "no-store"


async def test_files_are_sent_without_a_session(stranger: httpx.AsyncClient) -> None:
    page = (await stranger.get("/login")).text
    assets = page.split('<script src="', 1)[1].split("/tijori.js", 1)[0]
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await stranger.get(f"{assets}/tijori.css", headers=headers)
        assert answer.headers["content-type"].startswith("text/css")
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 3000,
        b"",
        b"null",
        b"\xff",
        b'{"phone": "\\ud800", "password": "p", "back": "/"}',
        b'{"phone": "+91\\u0000", "password": "p", "back": "/"}',
        b'{"phone": "+919900000001", "password": "p\\u0000", "back": "/"}',
        b'{"phone": ["+91"], "password": "p", "back": "/"}',
        b'{"phone": 91, "password": "p", "back": "/"}',
        b'{"phone": "+919900000001", "password": "p"}',
        b'{"phone": "", "password": "p", "back": "/"}',
        b'{"phone": "%s", "password": "p", "back": "/"}' % (b"9" * 2000),
        b" " * 5000,
    ],
)
async def test_a_sign_in_that_is_none_is_told_what_to_type(stranger: httpx.AsyncClient, body: bytes) -> None:
    answer = await stranger.post("/login", content=body, headers=JSON)
    assert (answer.status_code, answer.json()) == (400, {"problem": ASKS})


async def test_the_tokens_of_sessions_are_readable_by_nobody_else(meet: Meet, served: Served) -> None:
    person = await meet()
    await person.sign_in(served.phone, served.password)
    folder = served.data / "sessions"
    modes = {path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert (modes, folder.stat().st_mode & 0o777) == ({0o600}, 0o700)
