"""One request to a webhook endpoint: to an address that was looked at first, following nothing, bounded all round.

What cannot be sent is an outcome like any other: its error is a sentence for whoever looks into the log of deliveries.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version

import httpx

from domain import webhooks
from server.webhook_names import Address, Names
from services.webhook_sending import Outcome

SECONDS = 15
"""For all of it: the name, the connection, the answer."""
_EXCERPT_BYTES = 2_000
_LONGEST_ERROR = 300
_ADDRESSES = 3
"""Of a name that has several: so many are tried."""
_HEADERS = {
    "content-type": "application/json",
    "accept": "*/*",
    "accept-encoding": "identity",
    "user-agent": f"Tijori/{version('tijori')} (webhooks)",
}


class _RefusedError(Exception):
    """Nothing is sent there; the message says why."""


class Sender:
    """One per process. `private`: also within the server's own network, and there without TLS."""

    def __init__(self, *, private: bool, seconds: float = SECONDS, context: ssl.SSLContext | None = None) -> None:
        self._private = private
        self._seconds = seconds
        self._names = Names()
        # A connection is never kept: it is to an address, and another name may share that.
        self._client = httpx.AsyncClient(
            verify=context or _trusting(),
            trust_env=False,
            follow_redirects=False,
            timeout=seconds,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            headers=_HEADERS,
        )

    async def close(self) -> None:
        """Whoever is still looked up is not waited for."""
        await self._client.aclose()

    async def post(self, url: str, headers: Mapping[str, str], payload: str) -> Outcome:
        """Send it and see. Never raises for what the endpoint does."""
        began = time.monotonic()
        status, error = await self._told(url, headers, payload.encode())
        return Outcome(status, error and _one_line(error), round((time.monotonic() - began) * 1_000))

    async def _told(self, url: str, headers: Mapping[str, str], content: bytes) -> tuple[int | None, str | None]:
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._sent(httpx.URL(url), headers, content)
                try:
                    return response.status_code, await _complaint(response)
                finally:
                    await response.aclose()
        except (TimeoutError, httpx.TimeoutException):
            return None, f"No answer within {self._seconds:g} seconds."
        except _RefusedError as why:
            return None, str(why)
        except httpx.ConnectError as error:
            return None, f"Cannot connect: {error}"
        except httpx.HTTPError as error:
            return None, f"The connection ended without an answer: {error}"
        except (httpx.InvalidURL, ValueError) as error:  # as of a name that no look-up takes
            return None, f"The url names no host: {error}"

    async def _sent(self, url: httpx.URL, headers: Mapping[str, str], content: bytes) -> httpx.Response:
        """To the first address that takes a connection: the very ones that were looked at."""
        addresses = await self._addresses(url)
        for address in addresses[:-1]:
            with suppress(httpx.ConnectError):
                return await self._sent_to(address, url, headers, content)
        return await self._sent_to(addresses[-1], url, headers, content)

    async def _sent_to(
        self, address: Address, url: httpx.URL, headers: Mapping[str, str], content: bytes
    ) -> httpx.Response:
        """The certificate is held against the name, not against the address."""
        request = self._client.build_request(
            "POST",
            url.copy_with(host=str(address)),
            content=content,
            headers={**headers, "host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        return await self._client.send(request, stream=True)

    async def _addresses(self, url: httpx.URL) -> list[Address]:
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            found = await self._names.addresses(url.raw_host.decode("ascii"), port)
        except OSError as error:
            raise _RefusedError(f"The name {url.host} is not found: {error.strerror}.") from None
        allowed = [one for one in found if webhooks.may_reach(one, private=self._private)]
        if not allowed:
            raise _RefusedError(f"{url.host} is {found[0]}, an address that messages are not sent to.")
        if url.scheme != "https" and any(map(webhooks.is_public, allowed)):
            raise _RefusedError(f"{url.host} is {allowed[0]}, where nothing is sent without TLS: use https.")
        return allowed[:_ADDRESSES]


def _trusting() -> ssl.SSLContext:
    """The usual authorities, and those that the system trusts besides."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


async def _complaint(response: httpx.Response) -> str | None:
    """What an endpoint says that has not taken the message, as far as it is short; None where it has."""
    if webhooks.delivered(response.status_code):
        return None
    status = f"{response.status_code} {response.reason_phrase}".strip()
    if response.has_redirect_location:
        return f"{status}: redirects are not followed. Give the address that it leads to."
    said = b""
    with suppress(httpx.HTTPError):
        async for chunk in response.aiter_raw():
            said += chunk[: _EXCERPT_BYTES - len(said)]
            if len(said) >= _EXCERPT_BYTES:
                break
    text = said.decode(errors="replace").strip()
    return f"{status}: {text}" if text else status


def _one_line(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.split())[:_LONGEST_ERROR]
