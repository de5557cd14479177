"""Screens: `python -m benchmarks.screens [WALLETS]`. How soon a real browser shows the list of so many wallets, turns
its pages and finds, what that costs the server in memory, and how soon open pages show what the API has changed.

Each figure stands beside its limit, and one beyond its limit fails the run. Run it on a quiet machine.
"""

import asyncio
import os
import random
import shutil
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from statistics import median, quantiles
from typing import NamedTuple
from uuid import uuid4

import asyncpg
import httpx
import psutil
from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import TimeoutError as TimedOut

from benchmarks import server, store
from benchmarks.server import Api
from benchmarks.store import ADMIN_PASSWORD, ADMIN_PHONE

WALLETS = 100_000
TIMES, TURNS, CHANGES = 30, 100, 60
NEVER = 5_000
WORDS = ("asha", "ravi k", "press", "menon", "9100000042", "dairy", "lakshmi d", "kumar", "star", "919100")
_NAMES = """
(ARRAY['Asha','Ravi','Lakshmi','Mohan','Sita','Arjun','Meena','Vikram','Nila','Karthik'])[1 + n % 10] || ' ' ||
(ARRAY['Menon','Kumar','Devi','Rao','Iyer','Nair','Reddy','Das','Sen','Pillai','Shah'])[1 + n / 10 % 11]
"""
_TENANTS = """
(ARRAY['Morning','Evening','Kaveri','Godavari','Northern','Coastal'])[1 + n % 6] || ' ' ||
(ARRAY['Press','Star','Dairy','News','Herald','Analytics','Foods'])[1 + n / 6 % 7] || ' ' || n
"""
# Wallets that stand as the work of years would leave them; their logs are not looked at here.
_STANDING = """
CASE n % 10 WHEN 0 THEN 'USD' ELSE 'INR' END, 2, 100 * (n % 100000) + 5000, CASE n % 50 WHEN 0 THEN 70000 ELSE 0 END,
CASE n % 50 WHEN 0 THEN at END, at, at
"""
_FILL = (
    f"""
WITH made AS (
    INSERT INTO users (id, phone, name, role, created_at)
    SELECT ('01990000-0003-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '+9191' || lpad(n::text, 8, '0'), {_NAMES},
        'MEMBER', now() - interval '1 year'
    FROM generate_series(1, $1::int * 9 / 10) n RETURNING id, created_at AS at, right(phone, 8)::int AS n
)
INSERT INTO wallets (id, user_id, currency, currency_exponent, total, due, funds_locked_at, created_at, updated_at)
SELECT id, id, {_STANDING} FROM made
""",
    f"""
WITH made AS (
    INSERT INTO tenants (id, name, code, currency, billing_zone, grace_days, finalization_days, billing_delay_hours,
        created_at, bills_at)
    SELECT ('01990000-0004-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, {_TENANTS}, 'S' || n,
        CASE n % 10 WHEN 0 THEN 'USD' ELSE 'INR' END, 'Asia/Kolkata', 0, 0, 1, now() - interval '1 year', 'infinity'
    FROM generate_series(1, $1::int / 10) n RETURNING id, created_at AS at, substr(code, 2)::int AS n
)
INSERT INTO wallets (id, tenant_id, currency, currency_exponent, total, due, funds_locked_at, created_at, updated_at)
SELECT id, id, {_STANDING} FROM made
""",
)  # fmt: skip
_TOP_UP = "mutation ($input: TopUpInput!) { topUp(input: $input) { ... on MoneyPayload { operationId } } }"
_NEW_TENANT = """mutation ($input: CreateTenantInput!) { createTenant(input: $input) {
    ... on TenantPayload { tenant { id wallet { id } } } } }"""
_NEW_USER = """mutation ($input: CreateUserInput!) { createUser(input: $input) {
    ... on UserPayload { user { id wallet { id } } } } }"""
# Times are the page's own: since its navigation began, or between what a person does and what is then there.
_WATCH = """
(() => {
  const rows = () => [...document.querySelectorAll("tbody tr")].map((row) => row.dataset.id).join();
  let before = "";
  addEventListener("input", () => (window.typed = performance.now()), true);
  new MutationObserver(() => {
    const after = rows();
    if (after && !before) window.first = performance.now();
    if (after !== before) window.moved = performance.now();
    before = after;
    const sought = window.sought;
    if (sought && !sought.at && (document.querySelector(sought.place)?.textContent ?? "").includes(sought.text))
      sought.at = Date.now();
  }).observe(document, { subtree: true, childList: true, characterData: true });
  window.turn = (name) => new Promise((done) => {
    const began = performance.now();
    window.moved = 0;
    [...document.querySelectorAll(".t-pager button")].find((button) => button.textContent.includes(name)).click();
    const look = () => (window.moved ? done(window.moved - began) : requestAnimationFrame(look));
    look();
  });
})();
"""


class Figure(NamedTuple):
    """What was measured, as many times as it was, in milliseconds."""

    name: str
    limit: float
    took: list[float]

    @property
    def p95(self) -> float:
        return quantiles(self.took, n=20)[18]

    def line(self) -> str:
        """Beside its limit."""
        verdict = "" if self.p95 <= self.limit else "  BEYOND ITS LIMIT"
        times = f"median {median(self.took):>5,.0f} ms, p95 {self.p95:>5,.0f}"
        return f"{self.name:<44} {times} (limit {self.limit:,.0f}, {len(self.took)} times){verdict}"


class Screens:
    """A browser that is signed in at the server."""

    def __init__(self, browser: Browser, api: Api) -> None:
        self.browser = browser
        self.api = api
        self.url = api.url.removesuffix("/graphql")

    @asynccontextmanager
    async def page(self) -> AsyncIterator[Page]:
        """Of a browser context of its own."""
        context = await self.browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-IN")
        await context.add_init_script(_WATCH)
        page = await context.new_page()
        await page.goto(f"{self.url}/login")
        await page.get_by_label("Phone").fill(ADMIN_PHONE)
        await page.get_by_label("Password").fill(ADMIN_PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await page.locator(".t-page h1").wait_for()
        yield page
        await context.close()

    async def first_screen(self, page: Page) -> float:
        """Until the rows are there."""
        await page.goto(f"{self.url}/wallet", wait_until="commit")
        await page.wait_for_function("window.first")
        took: float = await page.evaluate("window.first")
        return took

    async def turn(self, page: Page, name: str) -> float:
        """Until the next page's rows are there."""
        took: float = await page.evaluate("(name) => turn(name)", name)
        return took

    async def find(self, page: Page, words: str) -> float:
        """From the last letter until what is found is there."""
        field = page.get_by_label("Search name or phone")
        await field.fill("")
        await asyncio.sleep(0.8)
        await page.evaluate("window.moved = 0")
        await field.fill(words)
        await page.wait_for_function("window.moved > window.typed")
        took: float = await page.evaluate("window.moved - window.typed")
        return took

    async def choose(self, page: Page, chip: str) -> float:
        """Until the rows are there that another chip names."""
        await asyncio.sleep(0.3)
        began: float = await page.evaluate("(window.moved = 0, performance.now())")
        await page.get_by_role("button", name=chip, exact=True).click()
        await page.wait_for_function("window.moved")
        moved: float = await page.evaluate("window.moved")
        return moved - began

    def memory(self) -> float:
        """Of the server's process, in MiB."""
        resident: int = psutil.Process(self.api.process.pid).memory_info().rss
        return resident / 2**20


class Changes:
    """Top-ups through the API, each of another amount."""

    def __init__(self, api: Api) -> None:
        self.url = api.url
        self.client = httpx.AsyncClient(headers={"Authorization": f"Bearer {api.token}"}, trust_env=False)
        self.made = 0

    async def ask(self, query: str, **variables: object) -> dict[str, dict[str, dict[str, str]]]:
        """The data."""
        answer = (await self.client.post(self.url, json={"query": query, "variables": variables})).json()
        if "errors" in answer:
            raise RuntimeError(answer["errors"])
        data: dict[str, dict[str, dict[str, str]]] = answer["data"]
        return data

    async def top_up(self, wallet_id: str, minor: int) -> None:
        """Once."""
        given = {"walletId": wallet_id, "amountMinor": minor, "idempotencyKey": uuid4().hex}
        await self.ask(_TOP_UP, input=given)


def main(wallets: int) -> int:
    """Zero where all is within its limits."""
    with store.running() as place:
        asyncio.run(_fill(place.url, wallets))
        with server.serving(place) as api:
            print(f"{wallets:,} wallets, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}", flush=True)
            return 0 if asyncio.run(_measured(api)) else 1


async def _fill(url: str, wallets: int) -> None:
    connection = await asyncpg.connect(url)
    for sql in _FILL:
        await connection.execute(sql, wallets)
    await connection.execute("ANALYZE")
    await connection.close()


async def _measured(api: Api) -> bool:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        screens, changes = Screens(browser, api), Changes(api)
        async with screens.page() as page:
            good = [_told(figure) async for figure in _list(screens, page)]
            good.append(await _flat(screens, page))
        good += [_told(figure) async for figure in _liveness(screens, changes)]
        await browser.close()
    return all(good)


def _told(figure: Figure) -> bool:
    print(figure.line(), flush=True)
    return figure.p95 <= figure.limit


async def _list(screens: Screens, page: Page) -> AsyncIterator[Figure]:
    await screens.first_screen(page)
    yield Figure("/wallet: the first screen", 1_000, await _times(TIMES, lambda _: screens.first_screen(page)))
    yield Figure("/wallet: the next page", 300, await _times(TIMES, lambda _: screens.turn(page, "Next")))
    yield Figure("/wallet: the page before", 300, await _times(TIMES, lambda _: screens.turn(page, "Previous")))
    found = await _times(TIMES, lambda number: screens.find(page, WORDS[number % len(WORDS)]))
    yield Figure("/wallet: search, from the last letter", 300, found)
    await screens.first_screen(page)
    chosen = await _times(TIMES, lambda number: screens.choose(page, ("Locked", "All")[number % 2]))
    yield Figure("/wallet: another filter", 300, chosen)


async def _flat(screens: Screens, page: Page) -> bool:
    """After as many screens again the process holds hardly more."""

    async def look() -> float:
        for _ in range(TURNS // 4):
            await screens.first_screen(page)
            for name in ("Next", "Next", "Previous"):
                await screens.turn(page, name)
        await page.goto("about:blank")
        await asyncio.sleep(8)  # until the process has let go of pages that nobody looks at
        return screens.memory()

    before, after = await look(), await look()
    is_flat = after <= before * 1.05
    verdict = "" if is_flat else "  BEYOND ITS LIMIT"
    told = f"memory after {TURNS} screens {before:,.0f} MiB, after {TURNS} more {after:,.0f} (limit 5 % more)"
    print(told + verdict, flush=True)
    return is_flat


async def _liveness(screens: Screens, changes: Changes) -> AsyncIterator[Figure]:
    tenant = (await changes.ask(_NEW_TENANT, input={"name": "Newest of all"}))["createTenant"]["tenant"]
    new_user = {"name": "Newest of all", "phone": "+919876500000", "password": uuid4().hex}
    user = (await changes.ask(_NEW_USER, input=new_user))["createUser"]["user"]
    held: dict[str, int] = {}
    places: list[tuple[str, str, dict[str, str], str]] = [
        ("/wallet", "/wallet", tenant, "tr[data-id='{wallet}']"),
        ("/wallet/{id}", "/wallet/{wallet}", tenant, ".t-balances"),
        ("/tenants", "/tenants", tenant, "tr[data-id='{id}']"),
        ("/users", "/users", user, "tr[data-id='{id}']"),
        ("/", "/", tenant, ".t-page"),
    ]
    for name, path, owner, place in places:
        wallet_id: str = owner["wallet"]["id"]  # type: ignore[index]  # of the documents above
        named = {"wallet": wallet_id, "id": owner["id"]}
        async with screens.page() as page:
            await page.goto(screens.url + path.format(**named))
            await page.locator(place.format(**named)).wait_for()
            await asyncio.sleep(2)
            seen = await _times(
                CHANGES,
                lambda _: _seen(page, changes, wallet_id, place.format(**named), held),  # noqa: B023
            )
            yield Figure(f"{name}: a change by the API is shown", 300, seen)


async def _seen(page: Page, changes: Changes, wallet_id: str, place: str, held: dict[str, int]) -> float:
    """From asking for a top-up until its sum is on the page; on the first page it is the amount that shows."""
    changes.made += 1
    minor = 1_000 + changes.made
    held[wallet_id] = held.get(wallet_id, 0) + minor
    text = _money(minor if place == ".t-page" else held[wallet_id])
    await page.evaluate("(sought) => void (window.sought = sought)", {"place": place, "text": text})
    await asyncio.sleep(random.uniform(0.05, 0.6))
    began = time.time() * 1000
    await changes.top_up(wallet_id, minor)
    try:
        await page.wait_for_function("window.sought.at", timeout=NEVER, polling=20)
    except TimedOut:
        return NEVER
    seen: float = await page.evaluate("window.sought.at")
    return seen - began


def _money(minor: int) -> str:
    """Below a lakh, where all group alike."""
    assert minor < 10_000_000
    return f"₹{minor // 100:,}.{minor % 100:02d}"


async def _times(count: int, act: Callable[[int], Awaitable[float]]) -> list[float]:
    return [await act(number) for number in range(count)]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else WALLETS))
