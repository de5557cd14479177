"""Live: which kinds of things have changed, for screens that then ask again."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import strawberry

from domain import ids
from domain.access import Viewer
from domain.changes import ChangeKind
from domain.refusals import BadInput, NotFound
from resolvers.context import Info, RequestContext
from resolvers.subscriptions import while_allowed
from services import people_queries
from services.changes import Reader

PAUSE_SECONDS = 0.2
"""Between two messages of one stream."""
NO_TENANT = "There is no such tenant."


@strawberry.type
class ChangeSubscriptions:
    """What screens need to know to be up to date."""

    @strawberry.subscription
    async def changed(
        self, info: Info, kinds: list[ChangeKind], tenant_id: strawberry.ID | None = None
    ) -> AsyncGenerator[list[ChangeKind], None]:
        """For screens that show lists and figures.

        An empty list once it is live (query then: nothing falls between), then the kinds of which something that the
        caller may see has changed since the message before: at once the first time, at most five times a second. With
        tenantId of that tenant's alone. It may name a kind once too often, never once too rarely.
        """
        context = info.context
        if not kinds:
            raise BadInput("kinds takes at least one: name the kinds of things that you show.")
        reader = await _reader(context, kinds, tenant_id)
        feed = context.shared.changes
        feed.listen(reader)

        def goes_on(viewer: Viewer) -> None:
            if not feed.renew(reader, viewer):
                raise NotFound(NO_TENANT)

        try:
            yield []
            async with aclosing(while_allowed(context, _taken(reader), goes_on)) as messages:
                async for some in messages:
                    yield some
                    await asyncio.sleep(PAUSE_SECONDS)
        finally:
            feed.leave(reader)


async def _reader(context: RequestContext, kinds: list[ChangeKind], tenant_id: str | None) -> Reader:
    viewer = context.signed_in
    if tenant_id is None:
        return Reader(viewer, kinds)
    uuid = ids.read("ten", tenant_id)
    if uuid is None or await people_queries.find_tenant(viewer, tenant_id=uuid, external_id=None) is None:
        raise NotFound(NO_TENANT)
    return Reader(viewer, kinds, uuid)


async def _taken(reader: Reader) -> AsyncGenerator[list[ChangeKind], None]:
    while True:
        yield await reader.take()
