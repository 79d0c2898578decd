"""A Landfall server that can be killed, started again and called meanwhile."""

import http.client
import json
import os
import pathlib
import signal
import subprocess
import time

OWNER = "alice@example.com"
IMAGE = "us-central1-docker.pkg.dev/demo/images/busybox:1"
PULLER = "puller@demo.iam.gserviceaccount.com"
PARENT = "projects/demo/locations/us-central1"


class Gone(Exception):
    """The call has no answer: whether the server did what was asked is not known."""


class Server:
    """`landfall up` on a data directory of its own."""

    def __init__(self, landfall: str, folder: pathlib.Path):
        self.landfall = landfall
        self.folder = folder
        self.data = folder / "data"
        self.process: subprocess.Popen | None = None
        self.environment = {**os.environ, "LANDFALL_DATA": str(self.data), "XDG_STATE_HOME": str(folder / "state")}
        self.token = ""
        self.token_time = 0.0

    # Life and death

    def begin(self) -> None:
        """Starts the process and does not wait for it."""
        log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(
            [self.landfall, "up", "--data", str(self.data), "--listen", "127.0.0.1:0", "--owner", OWNER],
            stdout=log, stderr=log, env=self.environment,
        )
        log.close()

    def start(self, patience: float = 60) -> None:
        """Starts the process and waits until it answers."""
        self.begin()
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.last_words()}")
            try:
                if self.info()["processID"] == self.process.pid and self.healthy():
                    break
            except (OSError, ValueError, Gone):
                pass
            time.sleep(0.02)
        else:
            raise RuntimeError(f"the server does not answer after {patience} s:\n{self.last_words()}")
        if time.time() - self.token_time > 1800:
            self.login()

    def bring_image(self, folder: pathlib.Path) -> None:
        """Puts an image of busybox into the server's registry, and makes an account that may pull it."""
        parent = "/v1/projects/demo/locations/us-central1/repositories"
        registry, iam = "artifactregistry.googleapis.com", "iam.googleapis.com"
        self.need("POST", f"{parent}?repositoryId=images", {"format": "DOCKER"}, registry)
        self.need("POST", "/v1/projects/demo/serviceAccounts", {"accountId": "puller"}, iam)
        policy = {"bindings": [{"role": "roles/artifactregistry.reader", "members": [f"serviceAccount:{PULLER}"]}]}
        self.need("POST", f"{parent}/images:setIamPolicy", {"policy": policy}, registry)
        archive = folder / "busybox.tar"
        script = pathlib.Path(__file__).parents[2] / "scripts" / "busybox-image"
        subprocess.run([script, archive], check=True)
        subprocess.run(
            [self.landfall, "images", "import", archive, "--name", IMAGE], env=self.environment, check=True,
            stdout=subprocess.DEVNULL, timeout=60)

    def need(self, method: str, path: str, body: dict, host: str) -> None:
        """A call that must succeed."""
        status, answer = self.ask(method, path, body, host)
        if status != 200:
            raise RuntimeError(f"{path}: {status} {answer}")

    def end(self, number: signal.Signals) -> int:
        """Sends the process a signal and waits for its end."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def login(self) -> None:
        subprocess.run(
            [self.landfall, "login", OWNER], env=self.environment, check=True, stdout=subprocess.DEVNULL, timeout=60)
        session = next((self.folder / "state").glob("landfall/*/sessions/*.json"))
        self.token = json.loads(session.read_text())["accessToken"]
        self.token_time = time.time()

    def last_words(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")[-2000:]

    def agent_log(self) -> str:
        return (self.data / "agent" / "agent.log").read_text(errors="replace")[-2000:]

    # Calls

    def info(self) -> dict:
        return json.loads((self.data / "server.json").read_text())

    def healthy(self) -> bool:
        return self.call("GET", "/healthz", host="health")[0] == 200

    def call(self, method: str, path: str, body: dict | None = None, host: str = "batch.googleapis.com") -> tuple[int, dict]:
        """One call on a connection of its own; `Gone` when it has no answer."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.info()["port"], timeout=20)
            headers = {"host": host, "authorization": f"Bearer {self.token}", "content-type": "application/json"}
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
            return answer.status, json.loads(text) if text.startswith(b"{") else {}
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Gone(str(error)) from error

    def ask(self, method: str, path: str, body: dict | None = None, host: str = "batch.googleapis.com", patience: float = 120) -> tuple[int, dict]:
        """Calls until there is an answer: for calls that may be repeated."""
        end = time.monotonic() + patience
        while True:
            try:
                return self.call(method, path, body, host)
            except Gone:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def job(self, name: str) -> dict:
        status, job = self.ask("GET", f"/v1/{PARENT}/jobs/{name}")
        return job if status == 200 else {"error": status, **job}

    def tasks(self, name: str) -> list[dict]:
        return self.pages("tasks", f"/v1/{PARENT}/jobs/{name}/taskGroups/group0/tasks?pageSize=1000")

    def pages(self, member: str, path: str) -> list[dict]:
        found, token = [], ""
        while True:
            status, page = self.ask("GET", path + (f"&pageToken={token}" if token else ""))
            if status != 200:
                raise RuntimeError(f"{path}: {status} {page}")
            found += page.get(member, [])
            token = page.get("nextPageToken", "")
            if not token:
                return found

    def lines(self, uid: str) -> list[str]:
        """What a job's tasks printed, in the order of the log."""
        found, token = [], ""
        while True:
            body = {
                "resourceNames": ["projects/demo"], "filter": f'labels.job_uid="{uid}" AND logName:"batch_task_logs"',
                "orderBy": "timestamp asc", "pageSize": 1000, "pageToken": token,
            }
            status, page = self.ask("POST", "/v2/entries:list", body, host="logging.googleapis.com")
            if status != 200:
                raise RuntimeError(f"entries.list: {status} {page}")
            found += [entry.get("textPayload", "") for entry in page.get("entries", [])]
            token = page.get("nextPageToken", "")
            if not token:
                return found
