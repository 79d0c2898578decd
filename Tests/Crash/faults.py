"""What is done to a server while jobs run."""

import datetime
import os
import random
import signal
import subprocess
import time
from collections import Counter

import machine
from server import Gone, PARENT, Server


class Faults:
    """Does one thing after another to a server and its agent; counts, and keeps what went wrong."""

    def __init__(self, server: Server, random: random.Random):
        self.server = server
        self.random = random
        self.agent = machine.Agent(server.data)
        self.counts: Counter = Counter()
        self.problems: list[str] = []
        self.deaths: list[str] = []
        """When agents were killed."""
        self.seen: set[str] = set()
        """All that any of the agents had on the machine."""

    KINDS = {
        "kill_server": 6, "kill_server_at_start": 2, "kill_worker": 2, "kill_supervisor": 1, "kill_launcher": 1,
        "kill_both": 2, "terminate_server": 1, "stop_server": 1, "stop_worker": 1, "stop_launcher": 1, "fill_disk": 1,
    }

    @property
    def kills(self) -> int:
        return sum(count for name, count in self.counts.items() if name.startswith("kill"))

    def one(self) -> None:
        """Does one thing, chosen at random, and waits until the server is up again."""
        kind = self.random.choices([*self.KINDS], [*self.KINDS.values()])[0]
        self.counts[kind.replace("_", " ")] += 1
        self.seen |= self.agent.belongings()
        getattr(self, kind)()

    # Kills

    def kill_server(self) -> None:
        self.server.end(signal.SIGKILL)
        self.pause(0.5)
        self.server.start()

    def kill_server_at_start(self) -> None:
        self.server.end(signal.SIGKILL)
        self.server.begin()
        self.pause(1)
        self.server.end(signal.SIGKILL)
        self.server.start()

    def terminate_server(self) -> None:
        code = self.server.end(signal.SIGTERM)
        if code != 0:
            self.problems.append(f"the server ended with {code} after SIGTERM:\n{self.server.last_words()}")
        self.pause(0.5)
        self.server.start()

    def kill_worker(self) -> None:
        self.kill_agent("worker")

    def kill_supervisor(self) -> None:
        self.kill_agent("supervisor")

    def kill_launcher(self) -> None:
        self.kill_agent("launcher")

    def kill_both(self) -> None:
        self.server.end(signal.SIGKILL)
        self.kill_agent(self.random.choice(["worker", "supervisor"]))
        self.pause(0.5)
        self.server.start()

    def kill_agent(self, part: str) -> None:
        """Kills a part of the agent; all that ran below it must be gone soon."""
        pid, worker = self.agent.part(part), self.agent.part("worker")
        if not pid or not worker:
            self.counts[f"no {part} to kill"] += 1
            return
        known = machine.descendants(worker)
        self.deaths.append(datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        signal_quietly(pid, signal.SIGKILL)
        left = machine.survivors(known, patience=30)
        if left:
            words = subprocess.run(["ps", "-o", "pid,ppid,stat,args", "-p", ",".join(map(str, left))], capture_output=True, text=True)
            self.problems.append(f"after the {part}'s death there are still\n{words.stdout}")

    # Pauses

    def stop_server(self) -> None:
        self.stop(self.server.process.pid)

    def stop_worker(self) -> None:
        self.stop(self.agent.part("worker"))

    def stop_launcher(self) -> None:
        self.stop(self.agent.part("launcher"))

    def stop(self, pid: int | None) -> None:
        if pid and signal_quietly(pid, signal.SIGSTOP):
            # Sometimes longer than the agent waits for a word of the server.
            self.pause(self.random.choice([0.2, 0.2, 0.5, 0.5, 1, 2, 3, 14]))
            signal_quietly(pid, signal.SIGCONT)

    # The disk

    def fill_disk(self) -> None:
        """Leaves no room under the data directory for a while: submissions are refused, reads go on."""
        data = str(self.server.data)
        # What runs goes on writing: the room that was just seen may be gone.
        for room in (64, 512, 4096, 32768):
            used = subprocess.run(["df", "--output=used", "-k", data], capture_output=True, text=True, check=True)
            size = int(used.stdout.split()[1]) + room
            if subprocess.run(["mount", "-o", f"remount,size={size}k", data], capture_output=True).returncode == 0:
                break
        else:
            self.counts["disks that could not be filled"] += 1
            return
        try:
            end = time.monotonic() + self.random.uniform(0.5, 4)
            while time.monotonic() < end:
                self.submit_in_vain()
                time.sleep(0.2)
        finally:
            subprocess.run(["mount", "-o", "remount,size=4g", data], check=True)

    def submit_in_vain(self) -> None:
        body = {"taskGroups": [{"taskSpec": {"runnables": [{"script": {"text": "true " + "x" * 100_000}}]}}]}
        try:
            status, answer = self.server.call("POST", f"/v1/{PARENT}/jobs", body)
            if status != 200:
                text = str(answer)
                if status != 429 or "RESOURCE_EXHAUSTED" not in text or "disk" not in text:
                    self.problems.append(f"on a full disk a job was refused with {status} {text}")
                self.counts["jobs refused on a full disk"] += 1
            status, answer = self.server.call("GET", f"/v1/{PARENT}/jobs?pageSize=3")
            if status != 200:
                self.problems.append(f"on a full disk reading jobs says {status} {answer}")
        except Gone as error:
            self.problems.append(f"on a full disk there is no answer: {error}")

    def pause(self, longest: float) -> None:
        time.sleep(self.random.uniform(0, longest))


def signal_quietly(pid: int, number: signal.Signals) -> bool:
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False
