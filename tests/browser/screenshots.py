"""Takes pictures of every page, wide in the light and narrow in the dark, into docs/screenshots: `make screenshots`."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import async_playwright

from tests.browser.sights import NARROW, SIGHTS, WIDE, gallery
from tests.conftest import find_chromium
from tests.programs import ROOT

FOLDER = ROOT / "docs/screenshots"
LOOKS = (("", WIDE, False), ("-narrow-dark", NARROW, True))


async def take(folder: Path, data: Path) -> None:
    """One after the other, into an empty folder."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        async with gallery(browser, data) as looked_at:
            for ending, width, dark in LOOKS:
                for sight in SIGHTS:
                    page = await looked_at.look(sight, width=width, dark=dark)
                    await page.screenshot(path=folder / f"{sight.name}{ending}.png", full_page=True)
        await browser.close()


def main() -> None:
    """All of them anew: a page that is gone leaves no picture behind."""
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with TemporaryDirectory() as data:
        asyncio.run(take(FOLDER, Path(data) / "data"))
    print(f"{len(SIGHTS) * len(LOOKS)} pictures in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
