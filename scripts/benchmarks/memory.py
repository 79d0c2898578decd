"""Resident memory."""

import dataclasses
import pathlib


@dataclasses.dataclass
class Memory:
    """In MiB; a page that several processes share counts for each of them in part, so that sums are right."""

    server: float
    agent: float

    @staticmethod
    def of(server: int, agents: list[int]) -> "Memory":
        return Memory(resident(server), sum(resident(process) for process in agents))

    @property
    def total(self) -> float:
        return self.server + self.agent

    def __str__(self) -> str:
        return f"{self.server:.0f} + {self.agent:.0f} MiB"


def resident(process: int) -> float:
    """The proportional set size of one process, in MiB; 0 when it has gone."""
    try:
        lines = pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0)
