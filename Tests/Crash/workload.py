"""Submits jobs without a pause, waits for their ends, and has them checked."""

import random
import threading
import time
from collections import Counter

import checks
import jobs
from faults import Faults
from marks import Marks
from server import PARENT, Server


class Workload:
    """A client that goes on whatever happens to the server."""

    IN_FLIGHT = 8
    """How many jobs there are at once."""
    PATIENCE = 240
    """How long a job may take from its submission to its end, in seconds."""

    def __init__(self, server: Server, marks: Marks, faults: Faults, random: random.Random):
        self.server = server
        self.marks = marks
        self.faults = faults
        self.random = random
        self.open: list[jobs.Job] = []
        self.kept: list[tuple[jobs.Job, str]] = []
        """Jobs that were checked and not deleted, each with its end."""
        self.counts: Counter = Counter()
        self.problems: list[str] = []
        self.is_ending = False
        self.thread = threading.Thread(target=self.run)

    def start(self) -> None:
        self.thread.start()

    def finish(self) -> None:
        """Submits no more, and waits for the ends of what there is."""
        self.is_ending = True
        self.thread.join()

    def summary(self) -> str:
        return f"{self.counts['jobs']} jobs, {self.counts['attempts']} attempts, {self.counts['lines']} lines checked"

    def run(self) -> None:
        try:
            number = 0
            while self.open or not self.is_ending:
                while len(self.open) < self.IN_FLIGHT and not self.is_ending:
                    number += 1
                    self.submit(jobs.make(self.random, number))
                for job in list(self.open):
                    self.look_at(job)
                if self.problems:
                    return
                time.sleep(0.05)
            self.look_back()
        except Exception as error:  # Whatever it is, the run is to end with it.
            self.problems.append(f"{type(error).__name__}: {error}")

    def submit(self, job: jobs.Job) -> None:
        """Submits until it is known that the job is accepted."""
        while True:
            status, answer = self.server.ask("POST", f"/v1/{PARENT}/jobs?jobId={job.name}", job.body(self.marks.script(job.in_container)))
            # 409: an earlier try was accepted, and its answer lost.
            if status in (200, 409):
                break
            if status not in (429, 503):
                self.problems.append(f"{job.name} was refused: {status} {answer}")
                return
            time.sleep(0.2)
        job.created = time.monotonic()
        self.open.append(job)

    def look_at(self, job: jobs.Job) -> None:
        found = self.server.job(job.name)
        if "error" in found:
            self.problems.append(f"{job.name} was accepted, and now: {found}")
            return
        job.uid = found["uid"]
        if found["status"]["state"] in checks.FINAL:
            self.open.remove(job)
            self.conclude(job, found["status"])
        elif time.monotonic() > job.created + self.PATIENCE:
            self.problems.append(f"{job.name} does not end: {found['status']}\n{self.server.agent_log()}")
        elif job.is_cancelled and self.random.random() < 0.1:
            self.server.ask("POST", f"/v1/{PARENT}/jobs/{job.name}:cancel", {})

    def conclude(self, job: jobs.Job, status: dict) -> None:
        """Checks a job, and deletes most of them."""
        marks = Counter({key: count for key, count in self.marks.read().items() if key[0] == job.name})
        found = checks.check(
            job, status, self.server.tasks(job.name), self.server.lines(job.uid), marks, self.faults.deaths)
        self.counts += found.counts
        self.problems += found.problems
        if found.problems:
            return
        if self.random.random() < 0.3:
            self.kept.append((job, status["state"]))
            return
        answer, text = self.server.ask("DELETE", f"/v1/{PARENT}/jobs/{job.name}")
        if answer not in (200, 404, 429):
            self.problems.append(f"{job.name} cannot be deleted: {answer} {text}")
        self.counts["jobs deleted"] += 1

    def look_back(self) -> None:
        """What had ended stays as it was."""
        marks = self.marks.read()
        for job, state in self.kept:
            found = self.server.job(job.name)
            if found.get("status", {}).get("state") != state:
                self.problems.append(f"{job.name} was {state}, and now: {found}")
            self.counts["jobs looked at again"] += 1
        for (name, index, number, word), count in marks.items():
            if count != 1:
                self.problems.append(f"{name}/{index}.{number}: {count} marks of its {word}")
