"""The dashboard's visitors, as the API and the dashboard's own socket know them."""

import asyncio
import re
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.test_shell import Program, program

__all__ = ["program"]

REFUSED, MUST_WAIT = 401, 429


async def guess(program: Program, address: str, phone: str, **headers: str) -> int:
    """The status that a wrong password is answered with, to someone who connects from this address."""
    typed = {"phone": phone, "password": "a wrong password", "back": "/"}
    transport = httpx.AsyncHTTPTransport(local_address=address)
    async with httpx.AsyncClient(transport=transport) as visitor:
        there = f"http://127.0.0.1:{urlsplit(program.url).port}/login"
        return (await visitor.post(there, json=typed, headers=headers)).status_code


async def test_who_guesses_passwords_keeps_no_other_visitor_from_signing_in(program: Program) -> None:
    """Though the operator names proxies elsewhere, and the dashboard's own connection comes from none of them."""
    phone = "+919876512345"
    while await guess(program, "127.0.0.2", phone) != MUST_WAIT:
        pass
    assert await guess(program, "127.0.0.3", phone) == REFUSED


async def test_no_visitor_says_who_they_are(program: Program) -> None:
    """Within the tries that all addresses have together."""
    through_the_page = [await guess(program, "127.0.0.4", "+919876512346", **said(number)) for number in range(9)]
    assert MUST_WAIT in through_the_page
    sent = {"query": 'mutation { signIn(phone: "+919876512347", password: "wrong") { __typename } }'}
    answers = [
        await program.http.post(f"{program.url}/graphql", json=sent, headers=said(number)) for number in range(9)
    ]
    assert any("RATE_LIMITED" in answer.text for answer in answers)


def said(number: int) -> dict[str, str]:
    return {"x-forwarded-for": f"198.51.100.{number}", "tijori-dashboard": "x" * 43}


ENGINE = "_nicegui_ws/socket.io/?EIO=4"
CLIENT = r"'client_id': ?'([0-9a-f-]{36})'"
FRAMES = [
    "4[[[[",
    "\x1e" * 1_000,
    "x",
    "",
    "9",
    "2",
    "45-",
    "4",
    "42",
    "42[",
    '42[["a"]]',
    '42["a",{}]',
    '42["event",1]',
]
SAID = [
    '42["handshake",{}]',
    '42["event",{"client_id":5}]',
    '42["log",{"client_id":"%s"}]',
    '42["event",{"client_id":"%s"}]',
]


@pytest.mark.proof
async def test_no_frame_leaves_a_traceback(program: Program) -> None:
    """Sent as a visitor of the sign-in page, which has a socket of its own as every page has."""
    page = (await program.http.get(f"{program.url}/login")).text
    (client,) = re.findall(CLIENT, page)
    before, socket_url = program.errors.read_text("utf-8"), f"ws{program.url[4:]}/{ENGINE}&transport=websocket"

    async def send(query: str, frame: str) -> None:
        with suppress(ConnectionClosed):
            async with connect(f"{socket_url}{query}", proxy=None) as socket:
                for text in ("40", frame.replace("%s", client), "1"):
                    await socket.send(text)
                async for _ in socket:
                    pass

    queries = "", f"&client_id={client}", f"&client_id={client}&implicit_handshake=true"
    await asyncio.gather(*(send(query, frame) for query in queries for frame in [*FRAMES, *SAID]))
    answer = await program.http.post(f"{program.url}/{ENGINE}&transport=polling", content="4[[[[")
    assert answer.status_code == 426
    assert program.errors.read_text("utf-8") == before


async def test_an_open_page_is_for_the_browser_that_opened_it(program: Program) -> None:
    page = await program.http.get(f"{program.url}/login", headers={"cookie": "tijori_session=mine"})
    (client,) = re.findall(CLIENT, page.text)
    said = f"&transport=websocket&client_id={client}&implicit_handshake=true&tab_id=a&document_id=b&next_message_id=0"
    for cookie, answer in (("", "44"), ("tijori_session=yours", "44"), ("tijori_session=mine", "40")):
        headers = {"cookie": cookie} if cookie else {}
        async with connect(f"ws{program.url[4:]}/{ENGINE}{said}", additional_headers=headers, proxy=None) as socket:
            await socket.recv()
            await socket.send("40")
            assert str(await socket.recv())[:2] == answer
