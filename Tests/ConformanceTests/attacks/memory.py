#!/usr/bin/python3
"""Takes memory where few look for it: HOW says where. Ends with END or, if the machine allows it, with DONE."""
import ctypes
import mmap
import os
import resource
import socket

PART = b"x" * 1_000_000
ENOUGH = 400
libc = ctypes.CDLL(None)
held = []


def shared_memory():
    with open("/dev/shm/file", "wb", buffering=0) as file:
        for _ in range(ENOUGH):
            file.write(PART)


def unnamed_file():
    file = os.memfd_create("x")
    for _ in range(ENOUGH):
        os.write(file, PART)


def system_v():
    libc.shmat.restype = ctypes.c_void_p
    for _ in range(ENOUGH):
        segment = libc.shmget(0, len(PART), 0o1600)
        address = libc.shmat(segment, None, 0)
        ctypes.memset(address, 1, len(PART))


def pipes():
    for _ in range(ENOUGH * 16):
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        held.append(os.write(writing, PART[:65536]))


def locked():
    for _ in range(ENOUGH):
        area = mmap.mmap(-1, len(PART))
        area.write(PART)
        held.append(area)


def waiting(reader):
    """How many bytes lie in a socket, which they are taken from."""
    reader.setblocking(False)
    count = 0
    try:
        while True:
            count += len(reader.recv(1 << 20))
    except BlockingIOError:
        return count


def fill(writer):
    writer.setblocking(False)
    try:
        while True:
            writer.send(PART[:60_000])
    except OSError:
        pass


def sockets():
    """Network buffers: what is too much is thrown away or has to wait, and costs no process its life."""
    readers = []
    try:
        for _ in range(1500):
            reader = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            reader.bind(("127.0.0.1", 0))
            readers.append(reader)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as writer:
                writer.connect(reader.getsockname())
                writer.setblocking(False)
                for _ in range(3):
                    try:
                        writer.send(PART[:60_000])
                    except BlockingIOError:
                        pass
        for _ in range(100):
            with socket.create_server(("127.0.0.1", 0)) as server:
                writer = socket.create_connection(server.getsockname(), timeout=1)
                readers.append(server.accept()[0])
            fill(writer)
            held.append(writer)
    except OSError as error:
        print(error, flush=True)
    total = sum(waiting(reader) for reader in readers)
    print("DONE" if total > 200_000_000 else "END", flush=True)


resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
globals()[os.environ["HOW"]]()
if os.environ["HOW"] != "sockets":
    print("DONE", flush=True)
