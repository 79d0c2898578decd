"""Marks that tasks leave outside of Landfall.

A task reaches neither files nor services of the host, but it reaches the network: so the marks are kept by a program in
a network namespace of its own, which stands for a machine elsewhere.
"""

import os
import pathlib
import random
import socketserver
import subprocess
import sys
import time
from collections import Counter

PORT = 7000


class Marks:
    """The keeper of the marks: a namespace, its link to the host, and the program that listens there."""

    def __init__(self, folder: pathlib.Path):
        self.file = folder / "marks"
        self.file.touch()
        number = random.SystemRandom().randrange(1 << 14)
        self.name = f"crash-{number}"
        self.link = f"mk{number}"
        net = f"198.18.{number // 64}.{number % 64 * 4}".rsplit(".", 1)
        self.ours, self.address = (f"{net[0]}.{int(net[1]) + last}" for last in (1, 2))
        self.keeper: subprocess.Popen | None = None

    def __enter__(self) -> "Marks":
        run = lambda words: subprocess.run(words.split(), check=True)
        run(f"ip netns add {self.name}")
        run(f"ip link add {self.link} type veth peer name eth0 netns {self.name}")
        run(f"ip addr add {self.ours}/30 dev {self.link}")
        run(f"ip link set {self.link} up")
        run(f"ip -n {self.name} addr add {self.address}/30 dev eth0")
        run(f"ip -n {self.name} link set eth0 up")
        run(f"ip -n {self.name} route add default via {self.ours}")
        self.keeper = subprocess.Popen(
            ["ip", "netns", "exec", self.name, sys.executable, __file__, str(self.file)], stdout=subprocess.PIPE)
        self.keeper.stdout.readline()
        return self

    def __exit__(self, *_) -> None:
        if self.keeper:
            self.keeper.kill()
            self.keeper.wait()
        subprocess.run(["ip", "netns", "del", self.name], check=False)

    def script(self, in_container: bool) -> str:
        """The shell function `mark WORD`, for bash or for busybox; it returns when the mark is kept."""
        if in_container:
            return (
                'mark() { echo "$job $BATCH_TASK_INDEX $BATCH_TASK_RETRY_ATTEMPT $1" | '
                f'nc -w 60 {self.address} {PORT} | grep -q kept; }}'
            )
        return (
            f"mark() {{ exec 3<>/dev/tcp/{self.address}/{PORT} && "
            'echo "$job $BATCH_TASK_INDEX $BATCH_TASK_RETRY_ATTEMPT $1" >&3 && read -t 60 -r kept <&3 && exec 3>&-; }'
        )

    def read(self) -> Counter:
        """How often there is each (job, task, attempt, word)."""
        found = Counter()
        for line in self.file.read_text().splitlines():
            job, task, attempt, word = line.split(" ")
            found[job, int(task), int(attempt), word] += 1
        return found


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        line = self.rfile.readline(200)
        if line.endswith(b"\n"):
            os.write(self.server.file, line)
            self.wfile.write(b"kept\n")


class Listener(socketserver.ThreadingTCPServer):
    request_queue_size = 1000
    daemon_threads = True


def keep(path: str) -> None:
    with Listener(("0.0.0.0", PORT), Handler) as listener:
        listener.file = os.open(path, os.O_WRONLY | os.O_APPEND)
        print("ready", flush=True)
        listener.serve_forever()


if __name__ == "__main__":
    keep(sys.argv[1])
