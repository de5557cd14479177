"""The socket that is listened on."""

import socket


def listen(host: str, port: int) -> socket.socket:
    """OSError where the address is taken or not ours. Port 0 is any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=2048)
    # An answer goes out in two writes. Without this, which connections inherit, the second one waits for the client to
    # acknowledge the first, which takes it up to 40 ms; asyncio sees to it only where it makes the socket itself.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
