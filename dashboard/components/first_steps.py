"""What to do first in a store that is still empty, and what of it has been done."""

from dashboard.components.buttons import link
from dashboard.components.icon import Icon
from dashboard.components.text import Text, box
from dashboard.shapes.lists import nodes
from dashboard.shapes.overview import FirstTenant

NOTHING_YET = object()
API_DOCS = "/api/v1/docs"


class FirstSteps:
    """Four steps to the first charge."""

    def __init__(self) -> None:
        with box("t-card", "section").props('aria-label="First steps"'):
            with box("t-card__head"):
                Text("Four steps to the first charge", "t-h2", tag="h2")
                Text("This page shows figures as soon as money or usage comes in.", "t-sub", tag="p")
            self.list = box("t-first", "ol")
        self.shown: object = NOTHING_YET

    def show(self, tenant: FirstTenant | None) -> None:
        """With what is done ticked, where that has changed; the links lead to the tenant that there is."""
        if tenant == self.shown:
            return
        self.shown = tenant
        self.list.clear()
        has_price = tenant is not None and bool(nodes(tenant["prices"]))
        has_usage = tenant is not None and bool(nodes(tenant["usage"]))
        pricing = f"/pricing?tenant={tenant['id']}" if tenant else "/pricing"
        with self.list:
            done = (
                f"{tenant['name']} is there." if tenant else "An organisation that is billed; its wallet comes with it."
            )
            step(1, "Create a tenant", done, "Tenants", "/tenants", done=tenant is not None)
            step(
                2,
                "Set a price",
                "Of a service, from a day on; it may begin in the past.",
                "Pricing",
                pricing,
                done=has_price,
            )
            wallet = f"/wallet/{tenant['wallet']['id']}" if tenant else "/wallet"
            step(
                3, "Top up its wallet", "Money that is paid in beforehand, and spent month by month.", "Wallet", wallet
            )
            about = "Programs report it through the API; each event counts once."
            step(4, "Record usage", about, "API reference", API_DOCS, done=has_usage)


def step(number: int, title: str, about: str, leads: str, path: str, *, done: bool = False) -> None:
    """One of them."""
    with box(f"t-step{' t-step--done' if done else ''}", "li"):
        with box("t-step__mark").props("aria-hidden=true"):
            if done:
                Icon("check")
            else:
                Text(str(number))
        with box("t-step__words"):
            Text(title, "t-step__title")
            Text(f"Done: {about}" if done else about, "t-sub")
        link(leads, path).classes("t-btn--small")
