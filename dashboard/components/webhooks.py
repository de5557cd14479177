"""Webhooks: the endpoints, and the log of what was delivered to them."""

import asyncio

from dashboard.components.webhook_deliveries import Deliveries
from dashboard.components.webhook_endpoints import Endpoints
from dashboard.session import Visit


class Webhooks:
    """Built where it stands; `load` asks for what is shown."""

    def __init__(self, visit: Visit) -> None:
        self.endpoints = Endpoints(visit, lambda endpoints: self.deliveries.offer(endpoints), self.load)
        self.deliveries = Deliveries(visit)

    async def load(self) -> None:
        """Both of them, at once."""
        await asyncio.gather(self.endpoints.load(), self.deliveries.load())
