"""A real browser before the dashboard, in which pages themselves take the time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil
from playwright.async_api import Browser, Page

from benchmarks.server import Api
from benchmarks.store import ADMIN_PASSWORD, ADMIN_PHONE

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
