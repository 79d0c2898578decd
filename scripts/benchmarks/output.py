"""One task that prints a gibibyte."""

import datetime
import os
import subprocess
import threading
import time

from .bench import USER, Bench
from .memory import Memory
from .server import LOCATION, Server

SIZE = 1 << 30
LINE = "x" * 99
FLAT = 32
"""By so many MiB the memory of a process may grow and still be called flat."""


def run(bench: Bench) -> None:
    baseline = cat_into_file(bench)
    with bench.server("output") as server:
        # What a process takes once for all belongs to what was before.
        server.submit("warm", f"yes {LINE} | head -c {SIZE // 64}")
        server.wait("warm")
        before = server.memory()
        with Watch(server) as watch:
            rate = printed(server)
    what = "a task printing 1 GiB"
    bench.report.at_least(what, rate / 2**20, baseline / 2**20, "cat into a file", 0.3, unit=" MiB/s")
    grown = max(watch.most.server - before.server, watch.most.agent - before.agent)
    bench.report.bar(f"{what}: memory grown meanwhile", f"{grown:.0f} MiB",
                     f"server + agent: {before} before, {watch.most} at most; at most {FLAT} MiB", grown <= FLAT)


def printed(server: Server) -> float:
    """Bytes a second, from the first line to the end of the task, by the server's own times."""
    uid = server.submit("print", f"yes {LINE} | head -c {SIZE} > lines", "cat lines", memory_mib=2048)["uid"]
    server.wait("print")
    query = {"resourceNames": ["projects/demo"], "filter": f'labels.job_uid="{uid}"', "orderBy": "timestamp asc",
             "pageSize": 1}
    first = server.call("POST", "logging", "/v2/entries:list", query)["entries"][0]["timestamp"]
    task = server.call("GET", "batch", f"{LOCATION}/jobs/print/taskGroups/group0/tasks/0")
    last = task["status"]["statusEvents"][-1]["eventTime"]
    return SIZE / (seconds(last) - seconds(first))


def seconds(text: str) -> float:
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.datetime.fromisoformat(whole + "+00:00").timestamp() + float(f"0.{fraction or 0}")


def cat_into_file(bench: Bench) -> float:
    folder = bench.folder / "cat"
    folder.mkdir()
    os.chown(folder, USER, USER)
    words = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "sh", "-c"]
    subprocess.run([*words, f"yes {LINE} | head -c {SIZE} > lines"], cwd=folder, check=True)
    begun = time.perf_counter()
    subprocess.run([*words, "cat lines > copy"], cwd=folder, check=True)
    spent = time.perf_counter() - begun
    for name in ("lines", "copy"):
        (folder / name).unlink()
    return SIZE / spent


class Watch:
    """Looks at the memory until it is left, and keeps the most of each process."""

    def __init__(self, server: Server):
        self.server = server
        self.most = Memory(0, 0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            now = self.server.memory()
            self.most = Memory(max(self.most.server, now.server), max(self.most.agent, now.agent))
