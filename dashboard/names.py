"""What the people and programs are called that did something."""

from collections.abc import Iterable, Mapping

from dashboard.client import Api, ApiError
from dashboard.lines import actor_name

NAMED = ("usr_", "tok_")
# As many as the API answers at once.
MOST = 50


class Names(dict[str, str]):
    """By id. Whom the viewer may not see keeps a short id; each is asked for once."""

    def __init__(self, api: Api, known: Mapping[str, str]) -> None:
        super().__init__(known)
        self.api = api

    async def learn(self, actors: Iterable[str]) -> None:
        """Finds out what these are called. Without an answer they are asked for again the next time."""
        unknown = sorted({actor for actor in actors if actor.startswith(NAMED) and actor not in self})[:MOST]
        if not unknown:
            return
        try:
            found = (await self.api.send("Names", ids=unknown))["nodes"]
        except ApiError:
            return
        told = {one["id"]: one["name"] for one in found if one is not None and "name" in one}
        self |= {actor: told.get(actor) or actor_name(actor, {}) for actor in unknown}
