"""A running server, and calls to it."""

import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from .memory import Memory

LOCATION = "/v1/projects/demo/locations/us-central1"


class Server:
    """A server on a data directory of its own, and a keep-alive connection to it."""

    def __init__(self, landfall: pathlib.Path, folder: pathlib.Path):
        self.landfall = str(landfall)
        self.data = folder / "data"
        self.environment = {**os.environ, "LANDFALL_DATA": str(self.data), "XDG_STATE_HOME": str(folder / "state")}
        self.start()
        subprocess.run([self.landfall, "login", "alice@example.com"], env=self.environment, check=True,
                       stdout=subprocess.DEVNULL)
        session = next((folder / "state").glob("landfall/*/sessions/*.json"))
        self.token = json.loads(session.read_text())["accessToken"]

    def start(self, address: str = "127.0.0.1:0") -> None:
        """Starts the process and waits until it is ready."""
        self.launch(address)
        if not any("Ready" in line for line in self.process.stdout):
            sys.exit("bench: the server did not start")
        info = json.loads((self.data / "server.json").read_text())
        self.port, self.process_id = info["port"], info["processID"]
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def launch(self, address: str) -> None:
        """Starts the process and does not wait."""
        self.process = subprocess.Popen(
            [self.landfall, "up", "--data", str(self.data), "--listen", address, "--owner", "alice@example.com"],
            stdout=subprocess.PIPE, text=True, env=self.environment)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def headers(self, api: str) -> dict[str, str]:
        return {"host": f"{api}.landfall.test", "authorization": f"Bearer {self.token}"}

    def call(self, method: str, api: str, path: str, body: dict | None = None) -> dict:
        return json.loads(self.send(method, api, path, json.dumps(body) if body is not None else None))

    def send(self, method: str, api: str, path: str, body: str | None) -> bytes:
        """A call whose JSON costs this program nothing."""
        self.connection.request(method, path, body, self.headers(api))
        answer = self.connection.getresponse()
        found = answer.read()
        if answer.status != 200:
            sys.exit(f"bench: {method} {path}: {found.decode()}")
        return found

    def submit(self, name: str, *scripts: str, count: int = 1, cpu_milli: int = 500, memory_mib: int = 64) -> dict:
        """Submits a job whose tasks run as the submitter."""
        group = {
            "taskSpec": {
                "runnables": [{"script": {"text": text}} for text in scripts],
                "computeResource": {"cpuMilli": cpu_milli, "memoryMib": memory_mib},
            },
            "taskCount": count, "runAsNonRoot": True,
        }
        job = {"taskGroups": [group], "logsPolicy": {"destination": "CLOUD_LOGGING"}}
        return self.call("POST", "batch", f"{LOCATION}/jobs?jobId={name}", job)

    def job(self, name: str) -> dict:
        return self.call("GET", "batch", f"{LOCATION}/jobs/{name}")

    def wait(self, name: str) -> dict:
        """Waits until a job has succeeded."""
        while True:
            job = self.job(name)
            state = job["status"]["state"]
            if state == "SUCCEEDED":
                return job
            if state == "FAILED":
                sys.exit(f"bench: {name} failed: {job['status']}")
            time.sleep(0.02)

    def memory(self) -> Memory:
        listed = subprocess.run(["pgrep", "-f", f"landfall agent .*{self.data}"], capture_output=True, text=True)
        return Memory.of(self.process_id, [int(p) for p in listed.stdout.split()])
