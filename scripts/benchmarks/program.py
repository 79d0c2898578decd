"""The command line."""

import argparse
import os
import sys

from . import access, bigjob, connections, containers, jobs, output, policies, port, slurm, startup, tasks
from .bench import Bench, build, working_folder
from .report import Report

TOPICS = {
    "tasks": tasks.run,
    "slurm": slurm.run,
    "bigjob": bigjob.run,
    "jobs": jobs.run,
    "port": port.run,
    "startup": startup.run,
    "connections": connections.run,
    "output": output.run,
    "containers": containers.run,
    "access": access.run,
    "policies": policies.run,
}


def main(description: str) -> None:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="TOPICS", help=f"some of {','.join(TOPICS)}")
    parser.add_argument("--tasks", type=int, default=6000, help="tasks of the jobs beside yardsticks (6000)")
    parser.add_argument("--big", type=int, default=10_000, help="tasks of the big job (10000; the bar is for 100000)")
    options = parser.parse_args()
    chosen = options.only.split(",") if options.only else list(TOPICS)
    if unknown := set(chosen) - set(TOPICS):
        parser.error(f"no such topic: {', '.join(sorted(unknown))}")
    if options.tasks < 30 or options.big < 4000:
        parser.error("--tasks is at least 30, and --big 4000")
    if os.geteuid() != 0:
        sys.exit("bench: needs root")
    bin = build()
    report = Report()
    with working_folder() as folder:
        bench = Bench(bin=bin, folder=folder, report=report, tasks=options.tasks, big=options.big)
        for topic in chosen:
            report.heading(topic)
            TOPICS[topic](bench)
    report.summary()
