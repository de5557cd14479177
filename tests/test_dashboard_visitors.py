"""The dashboard's visitors, as the API and the dashboard's own socket know them."""

from urllib.parse import urlsplit

import httpx

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
    assert "RATE_LIMITED" in answers[-1].text + answers[-2].text


def said(number: int) -> dict[str, str]:
    return {"x-forwarded-for": f"198.51.100.{number}", "tijori-dashboard": "x" * 43}
