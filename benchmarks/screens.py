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
from statistics import median, quantiles
from typing import NamedTuple

from playwright.async_api import Page, async_playwright
from playwright.async_api import TimeoutError as TimedOut

from benchmarks import server, store
from benchmarks.browser import Screens
from benchmarks.screens_store import Changes, fill
from benchmarks.server import Api

WALLETS = 100_000
TIMES, TURNS, CHANGES = 30, 100, 60
NEVER = 5_000
FEED = ".t-page"
"""On the first page each operation shows with its amount."""
SUMS = ".t-glance"
"""And there the sums over all wallets, what is held first."""
SUM_AFTER = r"""(minor) => {
  const shown = document.querySelector(".t-glance").textContent.match(/₹([\d,]+\.\d\d)/)[1];
  const after = Number(shown.replaceAll(",", "")) + minor / 100;
  return after.toLocaleString("en-IN", { style: "currency", currency: "INR" });
}"""
WORDS = ("asha", "ravi k", "press", "menon", "9100000042", "dairy", "lakshmi d", "kumar", "star", "919100")


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
        return f"{self.name:<46} {times} (limit {self.limit:,.0f}, {len(self.took)} times){verdict}"


def main(wallets: int) -> int:
    """Zero where all is within its limits."""
    with store.running() as place:
        asyncio.run(fill(place.url, wallets))
        with server.serving(place) as api:
            print(f"{wallets:,} wallets, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}", flush=True)
            return 0 if asyncio.run(_measured(api)) else 1


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
    tenant, user = await changes.tenant(), await changes.user()
    held: dict[str, int] = {}
    for path, owner, place in (
        ("/wallet", tenant, f"tr[data-id='{tenant.wallet}']"),
        (f"/wallet/{tenant.wallet}", tenant, ".t-balances"),
        ("/tenants", tenant, f"tr[data-id='{tenant.id}']"),
        ("/users", user, f"tr[data-id='{user.id}']"),
        ("/", tenant, FEED),
        ("/", tenant, SUMS),
    ):
        async with screens.page() as page:
            await page.goto(screens.url + path)
            await page.locator(place).wait_for()
            await asyncio.sleep(2)

            async def see(_: int) -> float:
                return await _seen(page, changes, owner.wallet, place, held)  # noqa: B023 - awaited within its turn

            name = path.replace(tenant.wallet, "{id}") + (" (sums)" if place == SUMS else "")
            yield Figure(f"{name}: a change by the API is shown", 300, await _times(CHANGES, see))


async def _seen(page: Page, changes: Changes, wallet_id: str, place: str, held: dict[str, int]) -> float:
    """From asking for a top-up until its sum is on the page; on the first page it is the amount that shows."""
    changes.made += 1
    minor = 1_000 + changes.made
    held[wallet_id] = held.get(wallet_id, 0) + minor
    if place == SUMS:
        text = await page.evaluate(SUM_AFTER, minor)
    else:
        text = _money(minor if place == FEED else held[wallet_id])
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
