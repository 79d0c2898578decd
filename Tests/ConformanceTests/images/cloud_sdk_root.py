"""Makes the root of an image that has what dsub's steps need of Google's cloud-sdk image: bash, a Python and a gcloud:
python cloud_sdk_root.py FOLDER

bash and Python are those of this machine; gcloud is gcloud.py, the part of `gcloud storage` that dsub uses.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig

HERE = pathlib.Path(__file__).parent
# Much of the library, and nothing that the steps import.
LEFT_OUT = [
    "test", "tests", "idlelib", "tkinter", "ensurepip", "lib2to3", "site-packages", "dist-packages", "config-*",
    "__pycache__",
]


def libraries(program):
    """The shared libraries that a program or a library of C takes, where it looks for them."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    words = [word for line in listed.splitlines() for word in line.split()]
    return {word for word in words if word.startswith("/")}


def copy(path, root):
    """Copies a file to the same place below the root, however links lead to it here."""
    place = root / path.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(os.path.realpath(path), place)


def main(folder):
    root = pathlib.Path(folder)
    for directory in ["usr/bin", "usr/lib", "usr/lib64", "etc", "tmp"]:
        (root / directory).mkdir(parents=True, exist_ok=True)
    # As on this machine, where /lib is a link to /usr/lib.
    for name in ["bin", "lib", "lib64"]:
        (root / name).symlink_to(f"usr/{name}")

    busybox = shutil.which("busybox")
    shutil.copy2(busybox, root / "usr/bin/busybox")
    for name in subprocess.run([busybox, "--list"], capture_output=True, text=True).stdout.split():
        if name != "busybox":
            (root / "usr/bin" / name).symlink_to("busybox")

    bash = shutil.which("bash", path="/usr/bin")
    python = os.path.realpath(sys.executable)
    library = sysconfig.get_path("stdlib")
    shutil.copytree(library, root / library.lstrip("/"), ignore=shutil.ignore_patterns(*LEFT_OUT))
    modules = [str(path) for path in pathlib.Path(library, "lib-dynload").glob("*.so")]
    needed = set().union([bash, python], *(libraries(each) for each in [bash, python, *modules]))
    for path in needed:
        copy(path, root)
    if python != "/usr/bin/python3":
        (root / "usr/bin/python3").symlink_to(python)

    shutil.copy(HERE / "gcloud.py", root / "usr/bin/gcloud")
    (root / "usr/bin/gcloud").chmod(0o755)
    (root / "tmp").chmod(0o1777)
    (root / "etc/passwd").write_text("root:x:0:0:root:/:/bin/bash\n")


main(*sys.argv[1:])
