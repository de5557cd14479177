"""Every page is for everybody: axe-core finds nothing to complain of, light or dark, wide or narrow."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser.sights import NARROW, SIGHTS, WIDE, Gallery, Sight, gallery

AXE = Path(__file__).parent / "axe/axe.min.js"
RUN = "(part) => axe.run(part || document, {resultTypes: ['violations']}).then((found) => found.violations)"


@pytest_asyncio.fixture(scope="module")
async def looked_at(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gallery]:
    async with gallery(browser, tmp_path_factory.mktemp("gallery") / "data") as opened:
        yield opened


async def complaints(page: Page, part: str | None = None) -> list[str]:
    """What axe-core finds on a page as it stands, or in the part of it with that selector."""
    await page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = await page.evaluate(RUN, part)
    return [f"{rule['id']}: {rule['help']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


@pytest.mark.proof
@pytest.mark.parametrize(("width", "dark"), [(WIDE, False), (NARROW, True)], ids=["wide, light", "narrow, dark"])
@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
async def test_axe_finds_nothing_on_a_page(looked_at: Gallery, sight: Sight, width: int, dark: bool) -> None:
    page = await looked_at.look(sight, width=width, dark=dark)
    assert await complaints(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
