"""What a server and its agent have on the machine: processes, control groups, networks, mounts."""

import pathlib
import subprocess
import time


def processes(text: str) -> dict[int, str]:
    """Processes whose words contain `text`: their ids, each with its time of start."""
    found = {}
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if text in words:
                found[int(folder.name)] = start_time(int(folder.name))
    return found


def start_time(pid: int) -> str:
    """What tells a process from a later one with its id; empty once it is gone."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def descendants(pid: int) -> dict[int, str]:
    """A process's children and theirs, each with its time of start."""
    children: dict[int, list[int]] = {}
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, open = {}, [pid]
    while open:
        for child in children.get(open.pop(), []):
            found[child] = start_time(child)
            open.append(child)
    return found


def survivors(known: dict[int, str], patience: float = 0) -> list[int]:
    """Which of some processes still live after `patience` seconds."""
    end = time.monotonic() + patience
    while True:
        left = [pid for pid, time_of_start in known.items() if time_of_start and start_time(pid) == time_of_start]
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.05)


class Agent:
    """The agent of a data directory."""

    def __init__(self, data: pathlib.Path):
        self.data = data

    def part(self, name: str) -> int | None:
        """The id of its supervisor, worker or launcher."""
        words = {
            "supervisor": f"agent --data {self.data} ", "worker": f"agent --worker --data {self.data} ",
            "launcher": f"landfall-launcher --directory {self.data}/",
        }
        # The first processes of sandboxes bear the launcher's name; it is the oldest. Ids begin anew at some time.
        alive = {pid: int(time_of_start) for pid, time_of_start in processes(words[name]).items() if time_of_start}
        return min(alive, key=alive.get, default=None)

    def belongings(self) -> set[str]:
        """What there is on the machine of its seat, each with a number that nothing else has."""
        try:
            seats = [entry.name.rsplit("-", 1)[1] for entry in (self.data / "agent" / "sandboxes").iterdir()]
        except OSError:
            return set()
        found = set()
        for seat in seats:
            script = f"""
                stat -c '%n %i %w' /sys/fs/cgroup/*/landfall-{seat}/* /sys/fs/cgroup/landfall-{seat}/* \
                    /sys/fs/cgroup/*/landfall-{seat} /sys/fs/cgroup/landfall-{seat} /run/landfall/seat-{seat}
                nft -a list table inet landfall_{seat} | head -1
                grep -H . /sys/class/net/lf{seat}-*/ifindex
                """
            lines = subprocess.run(["sh", "-c", script], capture_output=True, text=True).stdout.splitlines()
            found |= {line for line in lines if "cgroup." not in line and "memory." not in line}
        return found

    def mounts(self) -> list[str]:
        """Mounts below the data directory."""
        table = pathlib.Path("/proc/self/mountinfo").read_text().splitlines()
        return [line for line in table if f" {self.data}/" in line]
