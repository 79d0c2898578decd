"""A very large job: as fast in the end as in the beginning, and no more memory."""

import time

from .bench import Bench
from .server import Server
from .tasks import cpu_milli

SPAN = 1000
"""How many tasks at either end are timed."""


def run(bench: Bench) -> None:
    with bench.server("bigjob") as server:
        server.submit("first", "true")
        server.wait("first")
        early, late = spans(server, bench.big)
        memory = server.memory()
    bench.report.bar(
        f"the last {SPAN} of {bench.big} tasks", f"{late:.2f} s",
        f"{late / early:.2f} of the first {SPAN}, {early:.2f} s; at most 1.15", late <= 1.15 * early)
    bench.report.bar(f"resident memory after {bench.big} tasks", f"{memory.total:.0f} MiB",
                     f"server + agent: {memory}; under 100 MiB", memory.total < 100)


def spans(server: Server, count: int) -> tuple[float, float]:
    """Seconds for the first and the last tasks of a job."""
    begun = time.perf_counter()
    server.submit("big", "true", count=count, cpu_milli=cpu_milli())
    early = late = None
    while True:
        job = server.job("big")
        counts = job["status"]["taskGroups"]["group0"].get("counts", {})
        done = int(counts.get("SUCCEEDED", 0))
        now = time.perf_counter()
        if early is None and done >= SPAN:
            early = (now - begun) / done * SPAN
        if late is None and done >= count - SPAN:
            late, left = now, count - done
        if done >= count:
            return early, (now - late) / left * SPAN
        time.sleep(0.01 if early is None or done >= count - 2 * SPAN else 0.1)
