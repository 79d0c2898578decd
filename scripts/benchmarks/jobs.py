"""How soon one hears of a job, whatever its size."""

import statistics
import time

from .bench import Bench
from .server import LOCATION, Server

REPEATS = 30


def run(bench: Bench) -> None:
    with bench.server("jobs") as server:
        first_line(bench, server)
        submission(bench, server)


def first_line(bench: Bench, server: Server) -> None:
    """From the submission of a job to when its first line can be read."""
    found = []
    for i in range(REPEATS):
        begun = time.perf_counter()
        uid = server.submit(f"line-{i}", "echo here")["uid"]
        query = {"resourceNames": ["projects/demo"], "filter": f'labels.job_uid="{uid}"'}
        while not server.call("POST", "logging", "/v2/entries:list", query).get("entries"):
            pass
        found.append((time.perf_counter() - begun) * 1000)
    median = statistics.median(found)
    bench.report.bar("job created to first log line", f"{median:.1f} ms",
                     f"median of {REPEATS}, slowest {max(found):.1f} ms; under 25 ms", median < 25)


def submission(bench: Bench, server: Server) -> None:
    """Jobs that wait behind another one, so that nothing else is done meanwhile."""
    server.submit("all", "sleep 600", count=64, memory_mib=1)
    found: dict[int, list[float]] = {1: [], 100_000: []}
    for i in range(REPEATS):
        for count, times in found.items():
            name = f"submitted-{count}-{i}"
            begun = time.perf_counter()
            server.submit(name, "true", count=count)
            times.append((time.perf_counter() - begun) * 1000)
            server.call("DELETE", "batch", f"{LOCATION}/jobs/{name}")
    server.call("DELETE", "batch", f"{LOCATION}/jobs/all")
    one, many = (statistics.median(times) for times in found.values())
    bench.report.bar("a job of 100,000 tasks submitted", f"{many:.2f} ms",
                     f"{many / one:.2f} of a job of one task, {one:.2f} ms; at most 1.5", many <= 1.5 * one)
