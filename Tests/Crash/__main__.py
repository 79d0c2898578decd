"""Runs jobs, kills the server and its agent at random, and checks that nothing was lost, doubled or left behind.

Needs root. The seed repeats what is chosen, not the machine's timing. Ends with 1 when something did not hold.
"""

import argparse
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import machine
from faults import Faults
from marks import Marks
from server import Server
from workload import Workload


def main() -> int:
    parser = argparse.ArgumentParser(prog="crash-test", description=__doc__)
    parser.add_argument("--hours", type=float, help="how long to go on")
    parser.add_argument("--minutes", type=float, default=3, help="the same in minutes (default: 3)")
    parser.add_argument("--kills", type=int, default=0, help="go on until there were so many kills, too")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--landfall", required=True, help="the program")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("crash-test: needs root")
    print(f"crash-test: seed {options.seed}", flush=True)
    seconds = options.hours * 3600 if options.hours else options.minutes * 60
    with tempfile.TemporaryDirectory(prefix="landfall-crash-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        return run(options, seconds, pathlib.Path(folder))


def run(options: argparse.Namespace, seconds: float, folder: pathlib.Path) -> int:
    """One run, in a folder of its own."""
    server = Server(copied(options.landfall, folder), folder)
    server.data.mkdir()
    # In memory, so that it can be made too small.
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4g,mode=755", "landfall-crash", str(server.data)], check=True)
    choices = random.Random(options.seed)
    faults = Faults(server, choices)
    try:
        with Marks(folder) as marks:
            server.start()
            server.bring_image(folder)
            workload = Workload(server, marks, faults, random.Random(options.seed + 1))
            problems = torment(server, faults, workload, seconds, options.kills)
            problems += take_down(server, faults)
    finally:
        clean_up(server)
    report(faults, workload, problems, options.seed)
    return 1 if problems else 0


def copied(landfall: str, folder: pathlib.Path) -> str:
    """The program and those that it starts in a place of their own: they may be built again meanwhile."""
    for name in ("landfall", "landfall-launcher", "landfall-unpack"):
        shutil.copy2(pathlib.Path(landfall).with_name(name), folder / name)
    return str(folder / "landfall")


def torment(server: Server, faults: Faults, workload: Workload, seconds: float, kills: int) -> list[str]:
    """Does one thing after another to the server while jobs run, then lets them come to their ends."""
    begun = told = time.monotonic()
    workload.start()
    try:
        while time.monotonic() < begun + seconds or faults.kills < kills:
            faults.one()
            time.sleep(faults.random.choice([0.05, 0.3, 1, 2]))
            if time.monotonic() > told + 30:
                told = time.monotonic()
                print(f"{told - begun:5.0f} s: {faults.kills} kills, {workload.summary()}", flush=True)
            if workload.problems or faults.problems:
                break
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        faults.problems.append(str(error))
    finally:
        workload.finish()
    return faults.problems + workload.problems


def take_down(server: Server, faults: Faults) -> list[str]:
    """Ends the server as Ctrl-C does: nothing may be left on the machine, and the databases must be sound."""
    problems = []
    faults.seen |= faults.agent.belongings()
    code = server.end(signal.SIGINT)
    if code != 0:
        problems.append(f"the server ended with {code} after SIGINT:\n{server.last_words()}")
    left = machine.survivors(machine.processes(str(server.data)), patience=30)
    if left:
        problems.append(f"processes are left: {left}")
    time.sleep(1)
    things = faults.seen & faults.agent.belongings()
    if things:
        problems.append(f"this is left on the machine: {sorted(things)}")
    if faults.agent.mounts():
        problems.append(f"mounts are left: {faults.agent.mounts()}")
    images = server.data / "agent" / "images"
    for folder in ("unpacking", "removing"):
        if any((images / folder).iterdir()):
            problems.append(f"this is left of images: {sorted((images / folder).iterdir())}")
    for path in sorted((server.data / "state").glob("*.db")):
        with sqlite3.connect(path) as database:
            answer = database.execute("PRAGMA integrity_check").fetchone()[0]
        if answer != "ok":
            problems.append(f"{path.name}: {answer}")
        faults.counts[f"integrity checks of {path.name}"] += 1
    return problems


def clean_up(server: Server) -> None:
    """Leaves nothing, also where the run ended early."""
    for pid in machine.processes(str(server.data)):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    machine.survivors(machine.processes(str(server.data)), patience=10)
    subprocess.run(["umount", "-l", str(server.data)], check=False)
    shutil.rmtree(server.data, ignore_errors=True)


def report(faults: Faults, workload: Workload, problems: list[str], seed: int) -> None:
    print(f"\n{faults.kills} kills, seed {seed}")
    for counts in (faults.counts, workload.counts):
        for name, count in sorted(counts.items()):
            print(f"  {count:>8}  {name}")
    for problem in problems:
        print(f"WRONG: {problem}")
    print("crash-test: something did not hold" if problems else "crash-test: all of it held", flush=True)


if __name__ == "__main__":
    sys.exit(main())
