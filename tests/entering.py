"""People who sign in to a store on a simulated clock."""

from dataclasses import replace
from uuid import UUID

import pytest_asyncio

from domain import access
from domain.access import Viewer
from services import sessions
from services.identity import new_uuid
from services.people import create_user
from services.people_input import NewUser
from services.sign_in import SignedIn, sign_in
from services.viewers import Viewers
from tests.api import PASSWORD, PHONE
from tests.world import World

OTHER = "a quite different 7"
HOME, AGENT = "203.0.113.7", "a browser"


def remembering(world: World) -> Viewers:
    """What the world's process remembers, as that of a server."""
    viewers = Viewers(world.core)
    world.core = replace(world.core, tell_ended=viewers.forget)
    return viewers


class People:
    """Somebody in a store on a simulated clock, and one process that knows whom tokens stand for."""

    def __init__(self, world: World, user_id: UUID) -> None:
        self.world, self.user_id = world, user_id
        self.viewers = remembering(world)

    async def enter(self, password: str = PASSWORD, phone: str = PHONE) -> SignedIn:
        return await sign_in(self.world.core, phone, password, address=HOME, user_agent=AGENT)

    async def seen(self, signed: SignedIn) -> Viewer | None:
        """By a process that remembers nothing."""
        return await Viewers(self.world.core).of(signed.token)

    async def live(self) -> list[UUID]:
        viewer = access.viewer_of_user(self.user_id, access.Role.MEMBER, None, new_uuid())
        return [one.id for one in await sessions.list_sessions(self.world.core, viewer)]


@pytest_asyncio.fixture
async def people(opened_world: World) -> People:
    user = await create_user(opened_world.core, access.SYSTEM, NewUser(PHONE, "Asha", PASSWORD))
    return People(opened_world, user.id)
