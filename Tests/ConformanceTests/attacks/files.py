#!/usr/bin/python3
"""Leaves behind what is hard to remove, and puts links to OUTSIDE in the way of whoever comes after."""
import os
import socket
import subprocess

OUTSIDE = os.environ["OUTSIDE"]
HOME = os.environ["HOME"]


def tolerate(body):
    try:
        body()
    except OSError as error:
        print(error.strerror, flush=True)


def deep(top, levels):
    start = os.open(".", os.O_RDONLY)
    os.mkdir(top)
    os.chdir(top)
    for _ in range(levels):
        os.mkdir("d")
        os.chdir("d")
    os.symlink(OUTSIDE, "link")
    os.fchdir(start)


os.chdir(HOME)
# Many files, a deep directory, and names that are hard to write.
os.mkdir("many")
# Names of few files are soon made, and take as long to remove as names of many.
for number in range(int(os.environ["FILES"])):
    if number % 30000 == 0:
        os.mknod("many/first" + str(number))
    os.link(f"many/first{number // 30000 * 30000}", f"many/{number}")
deep("deep", 4000)
for name in [b"new\nline", b"\xff\xfe", b"x" * 255, b"-rf", b"landfall-removed-0", b"landfall-removed-1"]:
    os.mkdir(name)
    os.close(os.open(os.path.join(name, name[:200]), os.O_CREAT))
    os.mkdir(os.path.join(name, b"landfall-removed-2"))
    os.symlink(OUTSIDE, os.path.join(name, b"landfall-removed-2", b"x"))

# What is no plain file: a pipe without a reader, a socket, links to directories, to itself, and outwards.
os.mkfifo("fifo")
socket.socket(socket.AF_UNIX).bind("socket")
tolerate(lambda: os.mknod("null", 0o020666, os.makedev(0, 0)))
for name, target in [("out", OUTSIDE), ("self", "self"), ("root", "/"), ("proc", "/proc/1/root"), ("up", "../../..")]:
    os.symlink(target, name)
open("plain", "w").close()
os.link("plain", "hard")
tolerate(lambda: os.link("/etc/passwd", "passwd"))
tolerate(lambda: os.link("/proc/self/environ", "environ"))
# Modes with which even the owner can do nothing, and attributes with which root could not either.
for mode in [0o000, 0o111, 0o1777, 0o2770, 0o4755]:
    os.mkdir(f"mode-{mode:o}")
    open(f"mode-{mode:o}/file", "w").close()
    os.chmod(f"mode-{mode:o}/file", mode)
    os.chmod(f"mode-{mode:o}", mode)
for flag in ["+i", "+a"]:
    result = subprocess.run(["chattr", flag, "plain"], stderr=subprocess.DEVNULL)
    print("chattr", flag, "DONE" if result.returncode == 0 else "refused", flush=True)

# The directories themselves become links.
for path in [HOME, "/tmp", "/var/tmp", "/run/landfall", "/run/lock", "/dev/shm", "/etc"]:
    def replace():
        os.rename(path, path + ".away")
        os.symlink(OUTSIDE, path)
        print(path, "replaced", flush=True)
    try:
        replace()
    except OSError:
        pass
if os.path.isdir(HOME):
    os.chmod(HOME, 0)
os.chdir("/")
print("end", flush=True)
