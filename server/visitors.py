"""Whose requests the dashboard's are: it asks the API over a connection of its own, and says for which address.

Wherever it connects from, it is known by a word that only this process has, so no address needs to be trusted for it.
"""

import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from functools import partial

from starlette.types import ASGIApp, Receive, Scope, Send

from server.shell import ShelledApp

WORD, ADDRESS = b"tijori-dashboard", b"x-forwarded-for"


@dataclass(slots=True)
class _Believing:
    app: ASGIApp
    word: bytes

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        for name, value in scope["headers"] if scope["type"] == "http" else ():
            if name == WORD and secrets.compare_digest(value, self.word):
                scope["client"] = (dict(scope["headers"])[ADDRESS].decode("latin-1"), 0)
        return self.app(scope, receive, send)


def believe_our_own(app: ShelledApp) -> dict[str, str]:
    """The headers by which the application then believes whose address a request names."""
    word = secrets.token_urlsafe(32)
    app.layers.append(partial(_Believing, word=word.encode()))
    return {WORD.decode(): word}
