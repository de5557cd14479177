"""A served program, an administrator, and people with browsers."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.gate import Gate
from tests.browser.people import Arranger, Person, Served
from tests.browser.running import running
from tests.programs import ROOT, free_port

# How soon a page shows what it should is measured by benchmarks/screens.py, not by tests beside other tests.
expect.set_options(timeout=20_000)

Meet = Callable[..., Awaitable[Person]]
DASHBOARD = """
import sys
from pathlib import Path
import uvicorn
from starlette.applications import Starlette
from dashboard.app import mount
app = Starlette()
mount(app, api_url=sys.argv[1], storage_secret="s" * 40, storage_path=Path(sys.argv[3]))
uvicorn.run(app, port=int(sys.argv[2]), log_level="error")
"""


@pytest_asyncio.fixture(scope="session")
async def served(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """The whole program on a store of its own. Asks for the browser first: without one nothing is started."""
    port = free_port()
    data = tmp_path_factory.mktemp("served") / "data"
    here = Served(f"http://localhost:{port}", "+919900000001", "a password for tests", data)
    settings = {
        "TIJORI_DATA_DIR": str(data),
        "TIJORI_PORT": str(port),
        "TIJORI_ADMIN_PHONE": here.phone,
        "TIJORI_ADMIN_PASSWORD": here.password,
        "TIJORI_PRIVATE_WEBHOOKS": "true",
    }
    async with running(str(ROOT / "manage.py"), "serve", until=f"{here.url}/readyz", **settings):
        yield here


@pytest_asyncio.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        await started.close()


@pytest_asyncio.fixture
async def meet(browser: Browser, served: Served) -> AsyncIterator[Meet]:
    """Makes someone with a browser of their own; afterwards nothing may have gone wrong in it, or left the machine."""
    met: list[Person] = []
    async with AsyncExitStack() as stack:

        async def someone(*, width: int = 1280, url: str = "", dark: bool = False) -> Person:
            context = await browser.new_context(
                viewport={"width": width, "height": 844},
                locale="en-IN",
                timezone_id="Asia/Kolkata",
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce",
            )
            stack.push_async_callback(context.close)
            person = Person(await context.new_page(), url or served.url)
            person.watch()
            met.append(person)
            return person

        yield someone
    assert [person.errors for person in met if person.errors] == []
    assert [person.elsewhere for person in met if person.elsewhere] == []


@pytest.fixture
def arranger(served: Served) -> Iterator[Arranger]:
    with httpx.Client(base_url=served.url, trust_env=False) as client:
        yield Arranger(client, served.phone, served.password)


@pytest_asyncio.fixture
async def gated(served: Served, tmp_path: Path) -> AsyncIterator[tuple[Gate, str]]:
    """A dashboard of its own whose way to the API leads through a gate; its address."""
    async with Gate(int(served.url.rsplit(":", 1)[1])) as gate, dashboard_behind(gate, tmp_path) as url:
        yield gate, url


@asynccontextmanager
async def dashboard_behind(gate: Gate, folder: Path) -> AsyncIterator[str]:
    url = f"http://localhost:{(port := free_port())}"
    words = ("-c", DASHBOARD, f"http://127.0.0.1:{gate.port}/graphql", str(port), str(folder / "sessions"))
    async with running(*words, until=f"{url}/login"):
        yield url
