"""Every page there is, and the demo's store that shows each of them with something on it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page

from tests.browser.people import Arranger, Person, Served
from tests.browser.running import running
from tests.programs import ROOT, free_port, until

ADMIN, PASSWORD = "+919900000001", "a password for looking"
OWNER_PHONE, MEMBER_PHONE = "+919876543210", "+919876543211"
WIDE, NARROW = 1280, 390
THINGS = """
{
  dairy: tenant(externalId: "t_002") { id wallet { id } invoices(first: 1) { edges { node { id } } } }
  card: tenant(externalId: "t_001") { id wallet { id transactions(first: 1) { edges { node { operationId } } } } }
  press: tenant(externalId: "t_004") { wallet { id } }
  runs: billingRuns(first: 1) { edges { node { id } } }
  lakshmi: user(phone: "+919876543210") { id }
  ravi: user(phone: "+919876543211") { id }
}
"""
# What the served demo has foreseen and raised by itself, once it has.
SETTLED = {"lockRisks": {"totalCount": 2}, "unreadAlerts": 5}
WORKED_OUT = '{ lockRisks(currency: "INR", first: 1) { totalCount } unreadAlerts }'
SET_PASSWORD = "mutation ($id: ID!, $p: String!) { updateUser(id: $id, input: {password: $p}) { __typename } }"


@dataclass(frozen=True)
class Sight:
    """A page. `path` may name things of the demo's store; without a phone nobody is signed in."""

    name: str
    path: str
    phone: str | None = ADMIN
    ready: str = ".t-page .t-card"


SIGHTS = (
    Sight("sign-in", "/login", None, "h1"),
    Sight("overview", "/"),
    Sight("users", "/users"),
    Sight("user-create", "/users/create"),
    Sight("user", "/users/{user}"),
    Sight("user-edit", "/users/{user}/edit"),
    Sight("wallets", "/wallet"),
    Sight("wallets-bulk", "/wallet/bulk"),
    Sight("wallet", "/wallet/{wallet}"),
    Sight("wallet-explain", "/wallet/{wallet}?tab=explain"),
    Sight("wallet-forecast", "/wallet/{wallet}?tab=forecast"),
    Sight("wallet-holds", "/wallet/{wallet}?tab=holds"),
    Sight("wallet-locked", "/wallet/{locked}"),
    Sight("operation", "/operation/{operation}"),
    Sight("tenants", "/tenants"),
    Sight("tenant", "/tenants/{tenant}"),
    Sight("pricing", "/pricing?tenant={tenant}"),
    Sight("pricing-tenants", "/pricing"),
    Sight("pricing-rehearsal", "/pricing?tenant={tenant}&view=rehearsal"),
    Sight("billing", "/billing"),
    Sight("billing-invoices", "/billing?tab=invoices"),
    Sight("billing-runs", "/billing?tab=runs"),
    Sight("billing-run", "/billing/runs/{run}"),
    Sight("invoice", "/invoice/{invoice}"),
    Sight("alerts", "/alerts"),
    Sight("alerts-rules", "/alerts?tab=rules"),
    Sight("alerts-webhooks", "/alerts?tab=webhooks"),
    Sight("access", "/access"),
    Sight("audit", "/audit"),
    Sight("not-found", "/no-such-page", ADMIN, "h1"),
    Sight("owner-wallet", "/", OWNER_PHONE),
    Sight("owner-users", "/users", OWNER_PHONE),
    Sight("owner-pricing", "/pricing", OWNER_PHONE),
    Sight("owner-billing", "/billing", OWNER_PHONE),
    Sight("owner-alerts", "/alerts", OWNER_PHONE),
    Sight("owner-access", "/access", OWNER_PHONE),
    Sight("member-wallet", "/", MEMBER_PHONE),
    Sight("member-access", "/access", MEMBER_PHONE),
)


class Gallery:
    """A served demo, and who looks at it: one signed-in browser context for each of them, width and light."""

    def __init__(self, browser: Browser, served: Served, things: dict[str, str]) -> None:
        self.browser = browser
        self.served = served
        self.things = things
        self._pages: dict[tuple[str | None, int, bool], Page] = {}

    async def look(self, sight: Sight, *, width: int = WIDE, dark: bool = False) -> Page:
        """The page, once it stands still."""
        page = await self._page(sight.phone, width, dark)
        await page.goto(self.served.url + sight.path.format(**self.things))
        await page.locator(sight.ready).first.wait_for()
        await page.locator(".t-skeleton").first.wait_for(state="detached")
        return page

    async def _page(self, phone: str | None, width: int, dark: bool) -> Page:
        if (phone, width, dark) not in self._pages:
            context = await self.browser.new_context(
                viewport={"width": width, "height": 844 if width == NARROW else 900},
                locale="en-IN",
                timezone_id="Asia/Kolkata",
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce",
            )
            page = await context.new_page()
            if phone is not None:
                person = Person(page, self.served.url)
                await page.goto(f"{self.served.url}/login")
                await person.type_credentials(phone, PASSWORD)
                await page.locator(".t-page h1").first.wait_for()
            self._pages[phone, width, dark] = page
        return self._pages[phone, width, dark]


@asynccontextmanager
async def gallery(browser: Browser, data: Path) -> AsyncIterator[Gallery]:
    """The demo, played into a store of its own and served."""
    port = free_port()
    served = Served(f"http://localhost:{port}", ADMIN, PASSWORD, data)
    settings = {
        "TIJORI_DATA_DIR": str(data),
        "TIJORI_PORT": str(port),
        "TIJORI_ADMIN_PHONE": ADMIN,
        "TIJORI_ADMIN_PASSWORD": PASSWORD,
    }
    await _play_demo(settings)
    async with running(str(ROOT / "manage.py"), "serve", until=f"{served.url}/readyz", **settings):
        yield Gallery(browser, served, await asyncio.to_thread(_things, served))


async def _play_demo(settings: dict[str, str]) -> None:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    program = await asyncio.create_subprocess_exec(
        sys.executable, "manage.py", "demo", cwd=ROOT, env={**inherited, **settings}, stdout=asyncio.subprocess.DEVNULL
    )
    assert await program.wait() == 0


def _things(served: Served) -> dict[str, str]:
    """What the paths name, by the API; and passwords for the demo's people."""
    with httpx.Client(base_url=served.url, trust_env=False) as client:
        arranger = Arranger(client, ADMIN, PASSWORD)
        until(lambda: arranger.send(WORKED_OUT) == SETTLED)
        found = arranger.send(THINGS)
        for name in ("lakshmi", "ravi"):
            arranger.send(SET_PASSWORD, id=found[name]["id"], p=PASSWORD)
    (invoice,), (line,) = found["dairy"]["invoices"]["edges"], found["card"]["wallet"]["transactions"]["edges"]
    return {
        "tenant": found["dairy"]["id"],
        "wallet": found["card"]["wallet"]["id"],
        "locked": found["press"]["wallet"]["id"],
        "user": found["lakshmi"]["id"],
        "invoice": invoice["node"]["id"],
        "run": found["runs"]["edges"][0]["node"]["id"],
        "operation": line["node"]["operationId"],
    }
