"""The whole program, pages too, in a shell of our choice: prints every path that it has, then serves.

Arguments: the database's URL, a port, a data folder.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import uvicorn
from starlette.routing import BaseRoute

from server.app import build, with_dashboard
from server.listening import server_config
from server.opened import opened
from server.settings import Settings
from server.shell import Shell

PROXY = "203.0.113.9"
ALLOWED = "https://app.example"
SECRET = "a secret of the tests, thirty-two letters or more"


def paths(routes: Iterable[BaseRoute], base: str = "") -> Iterator[str]:
    """Of every route, mounted ones too; of a folder of files one that is not there."""
    for route in routes:
        path = base + str(getattr(route, "path", ""))
        inner = getattr(route, "routes", None)
        if inner:
            yield from paths(inner, path)
        else:
            yield path or "/"


def main(database_url: str, port: str, data: str) -> None:
    settings = Settings(
        port=int(port), data_dir=Path(data), allowed_origins=f"{ALLOWED},http://localhost:5173", secure_cookies=True
    )
    app, _ = build(opened(database_url, SECRET), Shell.of(settings))
    with_dashboard(app, settings, SECRET)
    print(json.dumps(sorted(set(paths(app.routes)))), flush=True)
    uvicorn.Server(server_config(app, port=settings.port, log_level="critical", forwarded_allow_ips=PROXY)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
