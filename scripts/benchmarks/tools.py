"""Programs of others that figures are measured against."""

import os
import pathlib
import shutil
import subprocess
import venv

from .bench import ROOT

POLICY = pathlib.Path("/usr/sbin/policy-rc.d")


def debian(program: str, package: str) -> str | None:
    """The path of a program, installed from Debian's package when it is missing; None when it cannot be."""
    found = shutil.which(program)
    if not found:
        _install(package)
        found = shutil.which(program)
    return found


def _install(package: str) -> None:
    # Services that come with a package must not be started.
    is_ours = not POLICY.exists()
    if is_ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
            subprocess.run(["apt-get", "-q", *words], env=environment, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
    except OSError:
        pass
    finally:
        if is_ours:
            POLICY.unlink()


def hyperqueue() -> pathlib.Path | None:
    """A Python that has HyperQueue; None when it cannot be installed."""
    folder = ROOT / ".build-hyperqueue"
    python = folder / "bin" / "python"
    if _has_hyperqueue(python):
        return python
    try:
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "hyperqueue==0.27.0"],
                       check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return python if _has_hyperqueue(python) else None


def _has_hyperqueue(python: pathlib.Path) -> bool:
    return python.exists() and subprocess.run([python, "-c", "import hyperqueue"], capture_output=True).returncode == 0
