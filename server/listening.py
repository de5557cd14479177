"""The socket that is listened on, and how whatever comes by it is served."""

import socket
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from server.http_protocol import HEAD_SECONDS, BoundedProtocol


def listen(host: str, port: int) -> socket.socket:
    """OSError where the address is taken or not ours. Port 0 is any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=2048)
    # An answer goes out in two writes. Without this, which connections inherit, the second one waits for the client to
    # acknowledge the first, which takes it up to 40 ms; asyncio sees to it only where it makes the socket itself.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def server_config(app: ASGIApp, *, head_seconds: float = HEAD_SECONDS, **more: Any) -> uvicorn.Config:
    """Of every server that we start: the same bounds for all."""
    protocol: Any = partial(BoundedProtocol, head_seconds=head_seconds)
    return uvicorn.Config(
        app,
        http=protocol,
        log_config=None,
        access_log=False,
        server_header=False,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        **more,
    )
