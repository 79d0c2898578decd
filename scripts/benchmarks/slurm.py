"""A job array of Slurm's, on this machine as its one node, without systemd."""

import contextlib
import os
import pathlib
import socket
import subprocess
import time
from collections.abc import Iterator

from . import tools
from .bench import Bench
from .report import number
from .tasks import landfall

TASKS = 500
SLOTS = 16
"""Processors of a usual node. Slurm starts about one task a second in each."""
MANY_SLOTS = 64
"""Where it is Slurm's own work that limits it on a small machine: shown beside, to Slurm's advantage."""

CONFIGURATION = """
ClusterName=bench
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmdSpoolDir={folder}/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,sched_min_interval=0,batch_sched_delay=0,default_queue_depth=1000
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
PropagateResourceLimits=NONE
SlurmdParameters=config_overrides
NodeName=bench NodeHostname={host} NodeAddr=127.0.0.1 Port={node_port} CPUs={slots} CoresPerSocket={slots} State=UNKNOWN
PartitionName=main Nodes=bench Default=YES MaxTime=INFINITE State=UP
"""


def run(bench: Bench) -> None:
    what = f"the same {TASKS} tasks as a job array"
    programs = [("munged", "munge"), ("slurmctld", "slurmctld"), ("slurmd", "slurmd"), ("sbatch", "slurm-client")]
    missing = [package for program, package in programs if not tools.debian(program, package)]
    if missing:
        return bench.report.not_measured(what, f"{' '.join(missing)} could not be installed")
    rates = {}
    for slots in (SLOTS, MANY_SLOTS):
        with cluster(bench.folder / f"slurm-{slots}", slots) as environment:
            if not is_idle(environment):
                return bench.report.not_measured(what, f"Slurm did not start: {complaint(bench.folder / f'slurm-{slots}')}")
            rates[slots] = array(environment)
    with bench.server("beside-slurm") as server:
        landfall(server, "first", 100)
        ours = landfall(server, "array", TASKS)
    bench.report.at_least(what, ours, rates[SLOTS], f"Slurm with {SLOTS} slots", 20)
    many = rates[MANY_SLOTS]
    bench.report.note(what, f"{number(ours)}/s", f"{ours / many:.2f} of Slurm with {MANY_SLOTS} slots, {number(many)}/s")


@contextlib.contextmanager
def cluster(folder: pathlib.Path, slots: int) -> Iterator[dict[str, str]]:
    """The three daemons in the foreground, ended one by one; the environment of their clients."""
    for name in ("state", "spool", "log"):
        (folder / name).mkdir(parents=True)
    key = folder / "munge.key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o400)
    host = socket.gethostname().split(".")[0]
    port, node_port = free_ports(2)
    (folder / "slurm.conf").write_text(
        CONFIGURATION.format(folder=folder, host=host, port=port, node_port=node_port, slots=slots))
    environment = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}
    daemons = [
        ["munged", "--foreground", "--force", f"--key-file={key}", f"--socket={folder}/munge.socket",
         f"--pid-file={folder}/munged.pid", f"--log-file={folder}/log/munged", f"--seed-file={folder}/munge.seed"],
        ["slurmctld", "-D", "-i"],
        ["slurmd", "-D", "-N", "bench"],
    ]
    started: list[subprocess.Popen] = []
    try:
        for words in daemons:
            with open(folder / "log" / f"{words[0]}.out", "w") as output:
                started.append(subprocess.Popen(words, env=environment, stdout=output, stderr=output))
            time.sleep(0.3)
        yield environment
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def is_idle(environment: dict[str, str]) -> bool:
    """Whether the node comes up within ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if output(["sinfo", "-h", "-N", "-o", "%t"], environment).strip() == "idle":
            return True
        time.sleep(0.2)
    return False


def complaint(folder: pathlib.Path) -> str:
    """The last thing that went wrong for the controller."""
    lines = (folder / "log" / "slurmctld.out").read_text().splitlines()
    return next((line for line in reversed(lines) if "error:" in line or "fatal:" in line), "it gives no reason")


def array(environment: dict[str, str]) -> float:
    words = ["sbatch", "--parsable", f"--array=1-{TASKS}", "--output=/dev/null", "--wrap=true", "--chdir=/"]
    begun = time.perf_counter()
    subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
    while output(["squeue", "-h", "-o", "%i"], environment).strip():
        time.sleep(0.1)
    return TASKS / (time.perf_counter() - begun)


def output(words: list[str], environment: dict[str, str]) -> str:
    try:
        return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60).stdout
    except subprocess.TimeoutExpired:
        # Clients of a controller that is not there try for minutes.
        return ""
