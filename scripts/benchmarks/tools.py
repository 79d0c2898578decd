"""Programs of others that figures are measured against."""

import os
import pathlib
import shutil
import subprocess
import venv

from .bench import ROOT

POLICY = pathlib.Path("/usr/sbin/policy-rc.d")
ENGINES = pathlib.Path(__file__).with_name("engines.py")
"""What asks Cedar and Casbin."""


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
    return _python(".build-hyperqueue", {"hyperqueue": "hyperqueue==0.27.0"})


def policy_engines() -> pathlib.Path | None:
    """A Python that has Cedar and Casbin; None when they cannot be installed."""
    return _python(".build-policy-engines", {"cedarpy": "cedarpy==4.12.2", "casbin": "casbin==1.43.0"})


def _python(name: str, wanted: dict[str, str]) -> pathlib.Path | None:
    """The Python of a virtual environment that has modules, by their packages; None when they cannot be installed."""
    folder = ROOT / name
    python = folder / "bin" / "python"
    if _has(python, wanted):
        return python
    try:
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted.values()],
                       check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return python if _has(python, wanted) else None


def _has(python: pathlib.Path, modules: dict[str, str]) -> bool:
    line = f"import {', '.join(modules)}"
    return python.exists() and subprocess.run([python, "-c", line], capture_output=True).returncode == 0
