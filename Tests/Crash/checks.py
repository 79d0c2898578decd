"""What must hold of a job that has ended, whatever happened meanwhile."""

import re
from collections import Counter
from dataclasses import dataclass

from jobs import Job

LOST = 50002
"""The exit code of an attempt whose agent died."""
FINAL = ("SUCCEEDED", "FAILED", "CANCELLED")
CHANGE = re.compile(r"updated from (\w+) to (\w+)")


@dataclass
class Attempt:
    """An attempt as the API tells it."""

    code: int
    ended: str
    told: str
    """How its end was told."""


class Findings:
    """What was wrong, and what was looked at."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.counts: Counter = Counter()

    def expect(self, holds: bool, problem: str) -> None:
        if not holds:
            self.problems.append(problem)


def check(job: Job, status: dict, tasks: list[dict], lines: list[str], marks: Counter, deaths: list[str]) -> Findings:
    """Looks at a job that has ended.

    `deaths` are the times, as the API writes them, at which an agent was killed.
    """
    found = Findings()
    state = status["state"]
    ends = {task_index(task): task["status"]["state"] for task in tasks}
    found.expect(len(ends) == len(tasks) and set(ends) <= set(range(job.tasks)), f"{job.name}: tasks {sorted(ends)} of {job.tasks}")
    attempts = {}
    for task in tasks:
        index = task_index(task)
        attempts[index] = read_attempts(f"{job.name}/{index}", task["status"], found)
        check_attempts(job, index, ends[index], state, attempts[index], deaths, found)
    check_state(job, state, ends, attempts, found)
    check_marks(job, attempts, marks, found)
    check_lines(job, attempts, lines, found)
    found.counts["jobs"] += 1
    found.counts[f"jobs {state}"] += 1
    found.counts["tasks"] += job.tasks
    return found


def task_index(task: dict) -> int:
    return int(task["name"].rsplit("/", 1)[1])


def read_attempts(name: str, status: dict, found: Findings) -> list[Attempt]:
    """The attempts of a task, in order, out of its events, which must follow each other."""
    state, attempts = "PENDING", []
    for event in status.get("statusEvents", []):
        change = CHANGE.search(event["description"])
        if not change:
            continue
        before, after = change.groups()
        found.expect(before == state, f"{name}: goes on from {before}, but was {state}")
        state = after
        if "taskExecution" in event:
            attempts.append(Attempt(event["taskExecution"].get("exitCode", 0), event["eventTime"], event["description"]))
    found.expect(state == status["state"] or state == "PENDING", f"{name}: is {status['state']}, the events end with {state}")
    return attempts


def check_attempts(job: Job, index: int, end: str, state: str, attempts: list[Attempt], deaths: list[str], found: Findings) -> None:
    """Each attempt ended as it should; there are as many as there should be."""
    name = f"{job.name}/{index}"
    for number, attempt in enumerate(attempts):
        found.counts["attempts"] += 1
        if attempt.code == LOST:
            found.counts["attempts lost with an agent"] += 1
            found.expect(any(death <= attempt.ended for death in deaths), f"{name}.{number}: lost at {attempt.ended}, and no agent died before")
        elif state == "SUCCEEDED" or attempt.code not in (143, 137):
            expected = job.code(index, number)
            found.expect(attempt.code == expected, f"{name}.{number}: exit code {attempt.code}, not {expected}: {attempt.told}")
        else:
            found.counts["attempts stopped"] += 1
    found.expect(len(attempts) <= job.retries + 1, f"{name}: {len(attempts)} attempts, but {job.retries} retries")
    if end == "SUCCEEDED":
        found.expect(bool(attempts) and attempts[-1].code == 0, f"{name}: succeeded after {attempts}")


def check_state(job: Job, state: str, ends: dict[int, str], attempts: dict[int, list[Attempt]], found: Findings) -> None:
    """The job's end follows from its tasks' ends."""
    if state == "SUCCEEDED":
        found.expect(
            len(ends) == job.tasks and set(ends.values()) == {"SUCCEEDED"}, f"{job.name}: succeeded, its tasks are {Counter(ends.values())}")
    elif state == "FAILED":
        # A job that has failed tries none of its other tasks again.
        exhausted = [index for index, end in ends.items() if end == "FAILED" and len(attempts[index]) == job.retries + 1]
        found.expect(bool(exhausted), f"{job.name}: failed, and no task used its {job.retries + 1} attempts up")
    else:
        found.expect(state == "CANCELLED" and job.is_cancelled, f"{job.name}: is {state}")
    is_disturbed = any(attempt.code == LOST for list in attempts.values() for attempt in list)
    if not is_disturbed and not job.is_cancelled:
        expected = "FAILED" if job.shape == "failing" else "SUCCEEDED"
        found.expect(state == expected, f"{job.name}: {state}, not {expected}")


def check_marks(job: Job, attempts: dict[int, list[Attempt]], marks: Counter, found: Findings) -> None:
    """Every task ran exactly once per attempt, and no attempt ran that is not told."""
    for index, list in attempts.items():
        for number, attempt in enumerate(list):
            name = f"{job.name}/{index}.{number}"
            for word in ("start", "end"):
                count = marks[job.name, index, number, word]
                if attempt.code == job.code(index, number):
                    found.expect(count == 1, f"{name}: {count} marks of its {word}")
                else:
                    found.expect(count <= 1, f"{name}: {count} marks of its {word}")
    for (_, index, number, word), count in marks.items():
        found.counts["marks"] += count
        found.expect(index in attempts and number < len(attempts[index]), f"{job.name}/{index}.{number}: a mark of its {word}, but no such attempt")


def check_lines(job: Job, attempts: dict[int, list[Attempt]], lines: list[str], found: Findings) -> None:
    """No line is lost or doubled, and those of an attempt are in order."""
    printed: dict[tuple[int, int], list[int]] = {}
    for line in lines:
        match line.split(" "):
            case ["L", index, number, line_number]:
                printed.setdefault((int(index), int(number)), []).append(int(line_number))
            case _:
                found.expect("Connection" in line or not line, f"{job.name}: printed {line!r}")
    found.counts["lines"] += len(lines)
    for index, list in attempts.items():
        for number, attempt in enumerate(list):
            got = printed.pop((index, number), [])
            name = f"{job.name}/{index}.{number}"
            found.expect(got == [n + 1 for n in range(len(got))], f"{name}: printed {shown(got)}")
            if attempt.code == job.code(index, number):
                found.expect(len(got) == job.lines, f"{name}: {len(got)} of {job.lines} lines")
    found.expect(not printed, f"{job.name}: lines of attempts that are not told: {[*printed]}")


def shown(numbers: list[int]) -> str:
    return str(numbers) if len(numbers) < 20 else f"{numbers[:10]} … {numbers[-5:]}"
