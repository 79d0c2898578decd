"""Resident memory of a server with nothing to do, and of its connections."""

import socket
import time

from .bench import Bench
from .server import Server

COUNT = 1000
SETTLED = 5
"""Seconds after which a server that nobody calls is idle."""


def run(bench: Bench) -> None:
    with bench.server("connections") as server:
        time.sleep(SETTLED)
        idle = server.memory()
        bench.report.bar("resident memory, idle", f"{idle.total:.0f} MiB", f"server + agent: {idle}; under 60 MiB",
                         idle.total < 60)
        opened = [used_connection(server) for _ in range(COUNT)]
        grown = server.memory().server - idle.server
        for each in opened:
            each.close()
    bench.report.bar(f"resident memory of {COUNT} open connections", f"{grown:.0f} MiB", "under 30 MiB", grown < 30)


def used_connection(server: Server) -> socket.socket:
    """A connection that has been answered once and stays open."""
    opened = socket.create_connection(("127.0.0.1", server.port))
    opened.sendall(b"GET /healthz HTTP/1.1\r\nhost: health.landfall.test\r\n\r\n")
    opened.recv(4096)
    return opened
