"""How many calls are answered in a second, beside answers that cost nothing."""

import pathlib
import re
import statistics
import struct
import subprocess
import sys

from . import tools
from .bench import Bench
from .server import Server

JOBS = "projects/demo/locations/us-central1/jobs"
READ_IN_TURN = 100
"""Finished jobs. Whoever waits for one asks again and again, but not alone."""

ROTATION = """
local turn = 0
request = function()
  turn = turn %% %d + 1
  return wrk.format("GET", "/v1/%s/small-" .. turn)
end
"""
ROUNDS = 3
SECONDS = 3
CONNECTIONS = 32


def run(bench: Bench) -> None:
    with bench.server("port") as server:
        for i in range(READ_IN_TURN):
            server.submit(f"small-{i + 1}", "true")
        for i in range(READ_IN_TURN):
            server.wait(f"small-{i + 1}")
        rest(bench, server)
        grpc(bench, server)


def in_turns(*measures) -> list[float]:
    """The median of each, measured in turns."""
    found = [[measure() for measure in measures] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*found)]


def rest(bench: Bench, server: Server) -> None:
    what = "jobs.get over REST, keep-alive"
    if not tools.debian("wrk", "wrk"):
        return bench.report.not_measured(what, "wrk is not installed and could not be")
    script = bench.folder / "rotation.lua"
    script.write_text(ROTATION % (READ_IN_TURN, JOBS))
    server.submit("long", "sleep 600")
    while server.job("long")["status"]["state"] != "RUNNING":
        pass
    get, running, hello = in_turns(
        lambda: wrk(server, "/", "batch", "-s", str(script)), lambda: wrk(server, f"/v1/{JOBS}/long", "batch"),
        lambda: wrk(server, "/healthz", "health"))
    server.call("DELETE", "batch", f"/v1/{JOBS}/long")
    bench.report.at_least(what, get, hello, f"a bare route of the same port; {READ_IN_TURN} jobs in turn", 0.4)
    bench.report.note("the same of one running job, whose time changes", f"{running:.0f}/s", f"{running / hello:.2f}")


def wrk(server: Server, path: str, api: str, *options: str) -> float:
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *options, f"http://127.0.0.1:{server.port}{path}"]
    for name, value in server.headers(api).items():
        words += ["-H", f"{name}: {value}"]
    output = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        sys.exit(f"bench: {path} failed: {output}")
    return next(float(line.split()[1]) for line in output.splitlines() if line.startswith("Requests/sec"))


def grpc(bench: Bench, server: Server) -> None:
    what = "jobs.get over gRPC"
    if not tools.debian("h2load", "nghttp2-client"):
        return bench.report.not_measured(what, "h2load is not installed and could not be")
    get_job = Unary(server, "batch", "google.cloud.batch.v1.BatchService/GetJob", f"{JOBS}/small-1", least_bytes=200)
    # It answers a constant, and is not asked for a permission.
    bare = Unary(server, "serviceusage", "google.longrunning.Operations/GetOperation", "operations/noop.DONE_OPERATION",
                 least_bytes=20)
    get, hello = in_turns(lambda: get_job.rate(bench.folder), lambda: bare.rate(bench.folder))
    bench.report.at_least(what, get, hello, "a bare unary method of the same port", 0.6)


class Unary:
    """A unary method whose request has a name as its first field."""

    def __init__(self, server: Server, api: str, path: str, name: str, least_bytes: int):
        self.server, self.api, self.path, self.least_bytes = server, api, path, least_bytes
        message = bytes([0x0A, len(name)]) + name.encode()
        self.body = struct.pack(">BI", 0, len(message)) + message

    def rate(self, folder: pathlib.Path) -> float:
        file = folder / "grpc-request"
        file.write_bytes(self.body)
        host = f"{self.api}.landfall.test"
        words = [
            "h2load", "-t1", f"-c{CONNECTIONS // 4}", "-m4", f"-D{SECONDS}", "--warm-up-time=1", "-d", str(file),
            f"--connect-to=127.0.0.1:{self.server.port}", "-H", "content-type: application/grpc", "-H", "te: trailers",
            "-H", f"authorization: Bearer {self.server.token}", f"http://{host}:{self.server.port}/{self.path}",
        ]
        output = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        rate = float(re.search(r"([\d.]+) req/s", output)[1])
        # An error has no message: its answer is all header and trailer.
        done = int(re.search(r"(\d+) succeeded", output)[1])
        data = int(re.search(r"\((\d+)\) data", output)[1])
        if done == 0 or data < done * self.least_bytes:
            sys.exit(f"bench: {self.path} failed: {output}")
        return rate
