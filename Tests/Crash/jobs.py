"""Jobs of many shapes, each of which knows what must come of it."""

import random
from dataclasses import dataclass, field

from server import IMAGE, PULLER


@dataclass
class Job:
    """A job and what was asked of it."""

    name: str
    shape: str
    tasks: int
    retries: int
    lines: int
    """How many lines each attempt prints."""
    pause: float
    """How long an attempt waits between two lines, in seconds."""
    failures: int
    """How many attempts at each third task fail before one succeeds."""
    as_user: bool
    in_container: bool
    """The steps are containers."""
    steps: int = 1
    parallelism: int | None = None
    uid: str = ""
    is_cancelled: bool = False
    created: float = 0.0
    problems: list[str] = field(default_factory=list)

    def code(self, task: int, attempt: int) -> int:
        """The exit code of an attempt that nothing disturbs."""
        return 3 if task % 3 == 0 and attempt < self.failures else 0

    def body(self, mark: str) -> dict:
        """The job as the Batch API takes it."""
        group = {
            "taskCount": self.tasks, "runAsNonRoot": self.as_user,
            "taskSpec": {
                "runnables": [self.runnable(text) for text in self.scripts(mark)],
                "maxRetryCount": self.retries,
                "computeResource": {"cpuMilli": 100, "memoryMib": 64},
            },
        }
        if self.parallelism:
            group["parallelism"] = self.parallelism
        job = {"taskGroups": [group], "logsPolicy": {"destination": "CLOUD_LOGGING"}}
        if self.in_container:
            job["allocationPolicy"] = {"serviceAccount": {"email": PULLER}}
        return job

    def runnable(self, script: str) -> dict:
        if not self.in_container:
            return {"script": {"text": f"#!/bin/bash\n{script}"}}
        return {"container": {"imageUri": IMAGE, "entrypoint": "/bin/sh", "commands": ["-c", script]}}

    def scripts(self, mark: str) -> list[str]:
        """The scripts of the steps. The first one begins the attempt, the last one ends it."""
        head = f"job={self.name}\n{mark}\n"
        prints = (
            f"for i in $(seq {self.lines}); do echo L $BATCH_TASK_INDEX $BATCH_TASK_RETRY_ATTEMPT $i; "
            f"sleep {self.pause:.3f}; done\n"
        )
        begins = "mark start || exit 97\n"
        ends = (
            "mark end || exit 98\n"
            f"if [ $((BATCH_TASK_INDEX % 3)) = 0 ] && [ $BATCH_TASK_RETRY_ATTEMPT -lt {self.failures} ]; "
            "then exit 3; fi\n"
        )
        if self.steps == 1:
            return [head + begins + prints + ends]
        return [head + begins + prints, head + ends]


SHAPES = ["quick", "many", "long", "flaky", "failing", "cancelled", "steps", "chatty"]


def make(random: random.Random, number: int) -> Job:
    """A job of some shape."""
    shape = random.choice(SHAPES)
    job = Job(
        name=f"{shape}-{number}", shape=shape, tasks=random.randint(1, 6), retries=random.randint(0, 5),
        lines=random.randint(0, 5), pause=0.0, failures=0, as_user=random.random() < 0.7,
        in_container=random.random() < 0.4,
    )
    match shape:
        case "many":
            job.tasks, job.lines = random.randint(20, 80), 1
        case "long":
            job.lines, job.pause = random.randint(4, 20), random.uniform(0.05, 0.4)
        case "flaky":
            job.retries, job.failures = random.randint(6, 10), random.randint(1, 2)
        case "failing":
            job.retries, job.failures = random.randint(0, 2), 99
        case "cancelled":
            job.lines, job.pause, job.is_cancelled = 10, 0.3, True
        case "steps":
            job.steps, job.parallelism = 2, random.choice([None, 1, 2])
        case "chatty":
            job.lines = random.randint(200, 3000)
    return job
