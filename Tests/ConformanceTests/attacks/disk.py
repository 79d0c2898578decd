#!/usr/bin/python3
"""Fills the disk, HOW says how, and goes on when there is no more room."""
import ctypes
import mmap
import os
import socket
import threading
import time

PART = b"x" * (256 << 10)
areas = []
os.chdir(os.environ["HOME"])


def named():
    file = os.open("file", os.O_CREAT | os.O_WRONLY)
    while True:
        yield os.write(file, PART)


def deleted():
    file = os.open("file", os.O_CREAT | os.O_WRONLY)
    os.unlink("file")
    while True:
        yield os.write(file, PART)


def mapped():
    """What no descriptor leads to any more, but a mapping."""
    while True:
        file = os.open("file", os.O_CREAT | os.O_RDWR)
        os.unlink("file")
        for _ in range(8):
            yield os.write(file, PART)
        areas.append(mmap.mmap(file, 4096))
        os.close(file)
        for descriptor in os.listdir("/proc/self/fd"):
            # The mapping of Python's has a copy.
            if int(descriptor) > 2:
                try:
                    os.close(int(descriptor))
                except OSError:
                    pass


def hidden():
    """What lies in a socket, on its way from the task to itself."""
    one, two = socket.socketpair()
    areas.extend([one, two])
    while True:
        file = os.open("file", os.O_CREAT | os.O_WRONLY)
        os.unlink("file")
        for _ in range(8):
            yield os.write(file, PART)
        socket.send_fds(one, [b"x"], [file])
        os.close(file)


def threaded():
    """A thread whose descriptors are not its process's."""
    def work():
        ctypes.CDLL(None).unshare(0x400)
        for _ in deleted():
            time.sleep(0.02)
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while True:
        yield


def deep():
    for _ in range(300):
        os.mkdir("d")
        os.chdir("d")
    yield from named()


def small():
    for number in range(10_000_000):
        os.makedirs(f"{number // 100}", exist_ok=True)
        with open(f"{number // 100}/{number}", "wb") as file:
            file.write(PART[:16384])
        if number % 16 == 0:
            yield number


def linked():
    """Links that would make the disk's owner look elsewhere."""
    os.symlink("/", "root")
    os.symlink("/proc/1/root", "/tmp/init")
    yield from named()


work = globals()[os.environ["HOW"]]()
print("begins", flush=True)
while True:
    try:
        next(work)
    except OSError:
        work = named()
    except StopIteration:
        pass
    time.sleep(0.02)
