"""How many small tasks run in a second, beside ways to do it with less."""

import os
import pathlib
import statistics
import subprocess
import time
from collections.abc import Callable

from . import tools
from .bench import PARALLELISM, USER, Bench
from .server import Server

Measure = Callable[[], float]

ROUNDS = 3
"""Everything is measured in turns, so that what disturbs the machine disturbs all; the median counts."""


def run(bench: Bench) -> None:
    count = bench.tasks // ROUNDS
    with bench.server("tasks") as server:
        landfall(server, "first", 100)
        names = (f"many-{i}" for i in range(ROUNDS))
        ways = {
            "landfall": lambda: landfall(server, next(names), count),
            "xargs": lambda: bare_processes(count),
            "launcher": lambda: launcher_alone(bench, count),
            "parallel": parallel(count),
            "hyperqueue": hyperqueue(bench.folder, count),
        }
        found = {name: [] for name, way in ways.items() if way}
        for _ in range(ROUNDS):
            for name, rates in found.items():
                rates.append(ways[name]())
    compare(bench, {name: statistics.median(rates) for name, rates in found.items()})


def compare(bench: Bench, rates: dict[str, float]) -> None:
    what = f"{bench.tasks} no-op tasks, each as a user"
    ours = rates["landfall"]
    yardsticks = [
        ("xargs", f"xargs -P{PARALLELISM} unshare setpriv sh", 1.0),
        ("launcher", "the sandboxes alone, without an engine", 0.6),
        ("hyperqueue", "HyperQueue's local cluster running true", 1.0),
        ("parallel", f"GNU parallel -j{PARALLELISM} running true", 1.0),
    ]
    for name, text, least in yardsticks:
        if name in rates:
            bench.report.at_least(what, ours, rates[name], text, least)
        else:
            bench.report.not_measured(f"{what}, beside {name}", "it is not installed and could not be")


def landfall(server: Server, name: str, count: int) -> float:
    begun = time.perf_counter()
    server.submit(name, "true", count=count, cpu_milli=cpu_milli())
    server.wait(name)
    return count / (time.perf_counter() - begun)


def cpu_milli() -> int:
    """What a task asks for, so that as many fit on the machine as are to run at the same time."""
    return 1000 * (os.cpu_count() or 1) // PARALLELISM


def shell(count: int, line: str) -> float:
    begun = time.perf_counter()
    subprocess.run(line, shell=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return count / (time.perf_counter() - begun)


def bare_processes(count: int) -> float:
    isolated = "unshare --pid --fork --mount --net --ipc --uts"
    user = f"setpriv --reuid={USER} --regid={USER} --clear-groups --no-new-privs"
    return shell(count, f"seq {count} | xargs -P{PARALLELISM} -n1 {isolated} {user} sh -c true")


def launcher_alone(bench: Bench, count: int) -> float:
    output = subprocess.run([bench.bin / "SandboxRate", str(count), str(PARALLELISM)], check=True,
                            capture_output=True, text=True).stdout
    return float(output)


def parallel(count: int) -> Measure | None:
    if not tools.debian("parallel", "parallel"):
        return None
    return lambda: shell(count, f"seq {count} | parallel -j{PARALLELISM} -n1 true")


HYPERQUEUE = """
import sys, time
from hyperqueue import Job, LocalCluster
from hyperqueue.cluster import WorkerConfig
count = int(sys.argv[1])
with LocalCluster(worker_config=WorkerConfig(cores=int(sys.argv[2]))) as cluster:
    client, job = cluster.client(), Job()
    for _ in range(count):
        job.program(["true"], stdout=None, stderr=None)
    begun = time.perf_counter()
    client.wait_for_jobs([client.submit(job)])
    print(count / (time.perf_counter() - begun))
"""


def hyperqueue(folder: pathlib.Path, count: int) -> Measure | None:
    python = tools.hyperqueue()
    if not python:
        return None

    def measure() -> float:
        words = [python, "-c", HYPERQUEUE, str(count), str(PARALLELISM)]
        output = subprocess.run(words, cwd=folder, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                text=True).stdout
        return float(output.split()[-1])

    return measure
