"""What the topics share: the programs, a folder, and how much is to be done."""

import contextlib
import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from .report import Report
from .server import Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
PARALLELISM = 4
"""How many tasks run at the same time, and how many processes of a yardstick."""
USER = 70001
"""Whom the processes of yardsticks run as: nobody's number on Debian."""


@dataclasses.dataclass
class Bench:
    bin: pathlib.Path
    folder: pathlib.Path
    report: Report
    tasks: int
    """Size of the jobs that are measured against yardsticks."""
    big: int
    """Size of the job that stands for a very large one."""

    @contextlib.contextmanager
    def server(self, name: str) -> Iterator[Server]:
        """A server on a data directory of its own, stopped in the end."""
        folder = self.folder / name
        folder.mkdir(mode=0o755)
        server = Server(self.bin / "landfall", folder)
        try:
            yield server
        finally:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)


def build() -> pathlib.Path:
    """Builds for release; returns the folder of the programs."""
    for product in ("landfall", "landfall-launcher", "landfall-unpack", "SandboxRate", "AccessRate",
                    "ImageRate"):
        subprocess.run(["swift", "build", "-c", "release", "--quiet", "--product", product], cwd=ROOT, check=True,
                       stdout=sys.stderr)
    shown = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True,
                           capture_output=True, text=True)
    return pathlib.Path(shown.stdout.strip())


@contextlib.contextmanager
def working_folder() -> Iterator[pathlib.Path]:
    """A folder that everybody may enter, removed in the end."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="landfall-bench-", dir="/tmp"))
    os.chmod(folder, 0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
