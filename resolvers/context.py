"""What one request carries: who asks, what the stories are told with, and the loaders of this request."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import strawberry

from domain import access
from domain.access import Viewer
from domain.wallets import Wallet
from services.changes import ChangeFeed
from services.coalescing import Coalescer
from services.core import Core
from services.feed import Feed
from services.overview import Overview
from services.run_feed import RunFeed
from services.viewers import Viewers

if TYPE_CHECKING:
    from uuid import UUID

    from resolvers.edges import Loaders


@dataclass
class Shared:
    """What all requests of a process share."""

    core: Core
    viewers: Viewers
    feed: Feed
    runs: RunFeed
    wallets: "Coalescer[UUID, Wallet]"
    """Wallets by id as they stand now: concurrent reads of all requests in one statement."""
    changes: ChangeFeed
    overview: Overview


@dataclass
class RequestContext:
    """One per operation. `token` is the credential as sent, for streams that check it again."""

    shared: Shared
    viewer: Viewer | None
    token: str | None = None
    address: str = ""
    user_agent: str = ""
    connection_params: dict[str, object] = field(default_factory=dict)
    """Of a websocket: connection_init's payload."""

    @property
    def core(self) -> Core:
        """What stories take first."""
        return self.shared.core

    @property
    def signed_in(self) -> Viewer:
        """Who asks, or Unauthenticated."""
        return access.signed_in(self.viewer)

    @cached_property
    def edges(self) -> "Loaders":
        """The loaders behind the fields that lead to other things."""
        from resolvers.edges import Loaders

        return Loaders(self)


Info = strawberry.Info[RequestContext, None]
MakeContext = Callable[[Mapping[bytes, bytes], str], Awaitable[RequestContext]]
"""From a request's headers and its client's address."""
