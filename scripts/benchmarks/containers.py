"""Tasks that are containers, their images, and their metadata servers, beside the tools that do a part of it."""

import json
import pathlib
import socket
import statistics
import subprocess
import time

from . import tools
from .bench import PARALLELISM, ROOT, Bench
from .server import LOCATION, Server
from .tasks import cpu_milli

TASKS = 500
REPEATS = 20
IMAGE = "us-central1-docker.pkg.dev/demo/images/busybox:1"
REPOSITORY = "/v1/projects/demo/locations/us-central1/repositories"
JOBS = "/v2/projects/demo/locations/us-central1/jobs"
OWN_VIEW = "umount -l /sys/fs/cgroup/unified 2>/dev/null; "
"""Beside groups of version 1 those of version 2 keep crun and podman from working: they are hidden from them."""
IMAGE_SIZE = 100 << 20


def run(bench: Bench) -> None:
    if not tools.debian("crun", "crun"):
        bench.report.not_measured("containers", "crun is not installed and could not be")
        return
    archive = bench.folder / "busybox.tar"
    subprocess.run([ROOT / "scripts/busybox-image", archive], check=True)
    bundle = Bundle(bench.folder / "bundle", archive)
    with bench.server("containers") as server:
        publish(server, archive)
        rates(bench, server, bundle, archive)
        first_line(bench, server, bundle)
        metadata(bench, server)
    pull(bench)


class Bundle:
    """The image as crun takes it: with a container's namespaces and limits, and a root that is ready."""

    def __init__(self, folder: pathlib.Path, archive: pathlib.Path):
        self.folder = folder
        root = folder / "rootfs"
        root.mkdir(parents=True)
        (folder / "image").mkdir()
        subprocess.run(["tar", "-xf", archive, "-C", folder / "image"], check=True)
        index = json.loads((folder / "image/index.json").read_text())
        manifest = json.loads(self.blob(index["manifests"][0]["digest"]).read_text())
        for layer in manifest["layers"]:
            subprocess.run(["tar", "-xf", self.blob(layer["digest"]), "-C", root], check=True)
        for name in ("proc", "sys", "dev"):
            (root / name).mkdir()
        subprocess.run(["crun", "spec"], cwd=folder, check=True)
        # crun gives its standard input to the container's root, which /dev/null must not belong to.
        self.nothing = folder / "nothing"
        self.nothing.touch()

    def blob(self, digest: str) -> pathlib.Path:
        return self.folder / "image/blobs" / digest.replace(":", "/")

    def configure(self, *arguments: str) -> None:
        path = self.folder / "config.json"
        found = json.loads(path.read_text())
        found["process"].update(terminal=False, args=list(arguments), env=["PATH=/bin"])
        found["root"]["readonly"] = True
        names = ("pid", "network", "ipc", "uts", "mount", "user")
        mapping = [{"containerID": 0, "hostID": 0x6000_0000, "size": 65536}]
        found["linux"].update(
            namespaces=[{"type": name} for name in names], uidMappings=mapping, gidMappings=mapping,
            resources={"memory": {"limit": 64 << 20}, "pids": {"limit": 1000}})
        path.write_text(json.dumps(found))

    def command(self, name: str) -> str:
        return f"crun --cgroup-manager=cgroupfs run -b {self.folder} {name}"


def alone(line: str) -> None:
    """Runs a line of shell in a mount namespace of its own."""
    subprocess.run(["unshare", "--mount", "sh", "-c", OWN_VIEW + line], check=True, stdout=subprocess.DEVNULL)


def publish(server: Server, archive: pathlib.Path) -> None:
    """Puts the image into the server's registry, where the project's default account may read it."""
    server.call("POST", "artifactregistry", f"{REPOSITORY}?repositoryId=images", {"format": "DOCKER"})
    number = server.call("GET", "cloudresourcemanager", "/v1/projects/demo")["projectNumber"]
    member = f"serviceAccount:{number}-compute@developer.gserviceaccount.com"
    binding = {"role": "roles/artifactregistry.reader", "members": [member]}
    server.call("POST", "artifactregistry", f"{REPOSITORY}/images:setIamPolicy", {"policy": {"bindings": [binding]}})
    subprocess.run([server.landfall, "images", "import", archive, "--name", IMAGE], env=server.environment, check=True,
                   stdout=subprocess.DEVNULL)


def submit(server: Server, name: str, count: int) -> None:
    container = {"imageUri": IMAGE, "commands": ["true"]}
    group = {
        "taskSpec": {
            "runnables": [{"container": container}], "computeResource": {"cpuMilli": cpu_milli(), "memoryMib": 64},
        },
        "taskCount": count,
    }
    server.call("POST", "batch", f"{LOCATION}/jobs?jobId={name}", {"taskGroups": [group]})
    server.wait(name)


def rates(bench: Bench, server: Server, bundle: Bundle, archive: pathlib.Path) -> None:
    submit(server, "first", 4)
    bundle.configure("true")
    ours, crun = [], []
    for i in range(3):
        begun = time.perf_counter()
        submit(server, f"many-{i}", TASKS // 3)
        ours.append(TASKS // 3 / (time.perf_counter() - begun))
        begun = time.perf_counter()
        alone(f"seq {TASKS // 3} >{bundle.folder}/list; xargs -a {bundle.folder}/list -P{PARALLELISM} -I@ "
              f"{bundle.command(f'bench-{i}-@')} <{bundle.nothing}")
        crun.append(TASKS // 3 / (time.perf_counter() - begun))
    what = f"{TASKS} no-op container tasks"
    bench.report.at_least(what, statistics.median(ours), statistics.median(crun), f"xargs -P{PARALLELISM} crun", 0.7)
    podman = podman_rate(archive)
    if podman:
        bench.report.at_least(what, statistics.median(ours), podman, f"xargs -P{PARALLELISM} podman run --rm", 10)
    else:
        bench.report.not_measured(f"{what}, beside podman", "it is not installed, or does not run here")


def podman_rate(archive: pathlib.Path, count: int = 24) -> float | None:
    if not tools.debian("podman", "podman"):
        return None
    limits = "--network=none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024"
    try:
        alone(f"podman pull -q oci-archive:{archive} >{archive}.id")
        image = pathlib.Path(f"{archive}.id").read_text().strip()
        one = f"podman run --rm {limits} {image} true"
        alone(one)
        begun = time.perf_counter()
        alone(f"seq {count} | xargs -P{PARALLELISM} -I@ {one}")
        rate = count / (time.perf_counter() - begun)
        alone(f"podman rmi -f {image}")
        return rate
    except (OSError, subprocess.CalledProcessError):
        return None


def first_line(bench: Bench, server: Server, bundle: Bundle) -> None:
    """From the execution of a job to when its first line can be read."""
    container = {"image": IMAGE, "command": ["echo"], "args": ["here"]}
    template = {"template": {"template": {"containers": [container], "maxRetries": 0}}}
    server.call("POST", "run", f"{JOBS}?jobId=line", template)
    bundle.configure("echo", "here")
    ours, crun = [], []
    for i in range(REPEATS):
        begun = time.perf_counter()
        execution = server.call("POST", "run", f"{JOBS}/line:run", {})["metadata"]["name"].split("/")[-1]
        query = {"resourceNames": ["projects/demo"],
                 "filter": f'labels."run.googleapis.com/execution_name"="{execution}" AND textPayload="here"'}
        while not server.call("POST", "logging", "/v2/entries:list", query).get("entries"):
            pass
        ours.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.05)
        script = f"{OWN_VIEW}exec {bundle.command(f'line-{i}')} <{bundle.nothing}"
        process = subprocess.Popen(["unshare", "--mount", "sh", "-c", script], stdout=subprocess.PIPE)
        begun = time.perf_counter()
        process.stdout.readline()
        crun.append((time.perf_counter() - begun) * 1000)
        process.wait()
    one, other = statistics.median(ours), statistics.median(crun)
    bench.report.bar("execution to first log line, image cached", f"{one:.1f} ms",
                     f"{one - other:.1f} ms more than crun run, {other:.1f} ms; at most 25 ms", one - other <= 25)


CLIENT = """python3 - <<'END'
import http.client, statistics, time
connection = http.client.HTTPConnection("169.254.169.254")
def ask():
    begun = time.perf_counter()
    connection.request("GET", "/computeMetadata/v1/instance/service-accounts/default/token",
                       headers={"Metadata-Flavor": "Google"})
    connection.getresponse().read()
    return (time.perf_counter() - begun) * 1000
ask()
print(statistics.median(ask() for _ in range(500)))
END
"""


def metadata(bench: Bench, server: Server) -> None:
    uid = server.submit("metadata", CLIENT, cpu_milli=1000, memory_mib=256)["uid"]
    server.wait("metadata")
    query = {"resourceNames": ["projects/demo"], "filter": f'labels.job_uid="{uid}"'}
    entries = server.call("POST", "logging", "/v2/entries:list", query)["entries"]
    median = float(entries[0]["textPayload"])
    bench.report.bar("metadata token, second call", f"{median:.2f} ms", "median of 500; under 0.5 ms", median < 0.5)


def pull(bench: Bench) -> None:
    what = f"an image of {IMAGE_SIZE >> 20} MiB pulled and unpacked"
    needed = {"docker-registry": "docker-registry", "skopeo": "skopeo", "umoci": "umoci"}
    if not all(tools.debian(program, package) for program, package in needed.items()):
        bench.report.not_measured(what, "docker-registry, skopeo or umoci is not installed and could not be")
        return
    folder = bench.folder / "pull"
    folder.mkdir()
    layout = big_image(folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    (folder / "registry.yml").write_text(json.dumps({
        "version": 0.1, "http": {"addr": host}, "storage": {"filesystem": {"rootdirectory": str(folder / "registry")}},
    }))
    registry = subprocess.Popen(["docker-registry", "serve", folder / "registry.yml"], stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
    try:
        wait_for(host)
        subprocess.run(["skopeo", "copy", "-q", "--dest-tls-verify=false", f"oci:{layout}:big", f"docker://{host}/big:1"],
                       check=True)
        ours, theirs = [], []
        for i in range(3):
            said = subprocess.run([bench.bin / "ImageRate", folder / f"cache-{i}", f"{host}/big:1", host], check=True,
                                  capture_output=True, text=True).stdout
            ours.append(float(said.split()[1]))
            begun = time.perf_counter()
            subprocess.run(["skopeo", "copy", "-q", "--src-tls-verify=false", f"docker://{host}/big:1",
                            f"oci:{folder}/copy-{i}:big"], check=True)
            subprocess.run(["umoci", "unpack", "--image", f"{folder}/copy-{i}:big", folder / f"bundle-{i}"], check=True,
                           capture_output=True)
            theirs.append(time.perf_counter() - begun)
    finally:
        registry.terminate()
        registry.wait()
    one, other = statistics.median(ours), statistics.median(theirs)
    bench.report.bar(what, f"{one:.2f} s", f"{one / other:.2f} of skopeo copy and umoci unpack, {other:.2f} s; at most 1",
                     one <= other)


def big_image(folder: pathlib.Path) -> pathlib.Path:
    """An image of files of this machine's software."""
    layout, bundle = folder / "layout", folder / "origin"
    image = f"{layout}:big"
    subprocess.run(["umoci", "init", "--layout", layout], check=True)
    subprocess.run(["umoci", "new", "--image", image], check=True)
    subprocess.run(["umoci", "unpack", "--image", image, bundle], check=True, capture_output=True)
    root = bundle / "rootfs"
    size = 0
    for path in sorted(pathlib.Path("/usr/lib").rglob("*")):
        if size >= IMAGE_SIZE:
            break
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 1 << 20:
            place = root / path.relative_to("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
            size += path.stat().st_size
    subprocess.run(["umoci", "repack", "--image", image, bundle], check=True, capture_output=True)
    return layout


def wait_for(host: str) -> None:
    address, port = host.split(":")
    for _ in range(600):
        try:
            socket.create_connection((address, int(port))).close()
            return
        except OSError:
            time.sleep(0.05)
