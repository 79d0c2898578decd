"""From the start of the process to the first answered call."""

import http.client
import statistics
import time

from .bench import Bench
from .server import LOCATION, Server
from .slurm import free_ports

JOBS = 1000
REPEATS = 5


def run(bench: Bench) -> None:
    with bench.server("startup") as server:
        for i in range(JOBS):
            server.submit(f"job-{i}", "true")
        for i in range(JOBS):
            server.wait(f"job-{i}")
        found = [restart(server) for _ in range(REPEATS)]
    median = statistics.median(found) * 1000
    bench.report.bar(f"start on {JOBS} jobs to the first answered call", f"{median:.0f} ms",
                     f"median of {REPEATS}; under 150 ms", median < 150)


def restart(server: Server) -> float:
    server.stop()
    (port,) = free_ports(1)
    begun = time.perf_counter()
    server.launch(f"127.0.0.1:{port}")
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", f"{LOCATION}/jobs/job-0", None, server.headers("batch"))
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                break
        except OSError:
            time.sleep(0.001)
    spent = time.perf_counter() - begun
    any("Ready" in line for line in server.process.stdout)
    return spent
