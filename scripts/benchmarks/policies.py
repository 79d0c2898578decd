"""Calls of IAM on a running server: what one may do, a policy that is replaced, a token that is minted."""

import datetime
import json
import statistics
import time

from . import tools
from .bench import Bench
from .port import in_turns, wrk
from .server import Server

PROJECT = "/v1/projects/demo"
PERMISSIONS = ["batch.jobs.create", "batch.jobs.get", "iam.serviceAccounts.actAs", "resourcemanager.projects.setIamPolicy"]
BINDINGS = 1000
ACCOUNT = "minter@demo.iam.gserviceaccount.com"
REPEATS = 200

QUESTION = """
wrk.method = "POST"
wrk.body = '{"permissions": [%s]}'
wrk.headers["Content-Type"] = "application/json"
"""


def run(bench: Bench) -> None:
    with bench.server("policies") as server:
        held(bench, server)
        replaced(bench, server)
        minted(bench, server)


def held(bench: Bench, server: Server) -> None:
    what = "testIamPermissions over REST, keep-alive"
    if not tools.debian("wrk", "wrk"):
        return bench.report.not_measured(what, "wrk is not installed and could not be")
    script = bench.folder / "question.lua"
    script.write_text(QUESTION % ", ".join(f'"{permission}"' for permission in PERMISSIONS))
    rate, hello = in_turns(
        lambda: wrk(server, f"{PROJECT}:testIamPermissions", "cloudresourcemanager", "-s", str(script)),
        lambda: wrk(server, "/healthz", "health"))
    bench.report.at_least(what, rate, hello, f"a bare route of the same port; {len(PERMISSIONS)} permissions", 0.4)


def replaced(bench: Bench, server: Server) -> None:
    """From sending a policy of 1,000 bindings to the answer of the next call, which is decided by it."""
    bindings = server.call("POST", "cloudresourcemanager", f"{PROJECT}:getIamPolicy", {})["bindings"]
    # Bindings of one role and one condition are one: each has an end of its own.
    for n in range(BINDINGS - len(bindings)):
        end = datetime.date(2040, 1, 1) + datetime.timedelta(n)
        bindings.append({
            "role": "roles/batch.jobsViewer", "members": [f"user:reader{n}@example.com"],
            "condition": {"title": f"until {end}", "expression": f'request.time < timestamp("{end}T00:00:00Z")'}})
    question = json.dumps({"permissions": PERMISSIONS})
    found = []
    for i in range(REPEATS // 4):
        bindings[-1]["members"] = [f"user:reader.of.round{i}@example.com"]
        policy = json.dumps({"policy": {"version": 3, "bindings": bindings}})
        begun = time.perf_counter()
        server.send("POST", "cloudresourcemanager", f"{PROJECT}:setIamPolicy", policy)
        server.send("POST", "cloudresourcemanager", f"{PROJECT}:testIamPermissions", question)
        found.append((time.perf_counter() - begun) * 1000)
    median = statistics.median(found)
    bench.report.bar(f"a policy of {BINDINGS} bindings set over REST, and the next call", f"{median:.2f} ms",
                     f"median of {len(found)}, slowest {max(found):.1f} ms; under 5 ms", median < 5)


def minted(bench: Bench, server: Server) -> None:
    account = f"/v1/projects/demo/serviceAccounts/{ACCOUNT}"
    server.call("POST", "iam", "/v1/projects/demo/serviceAccounts", {"accountId": ACCOUNT.split("@")[0]})
    binding = {"role": "roles/iam.serviceAccountTokenCreator", "members": ["user:alice@example.com"]}
    server.call("POST", "iam", f"{account}:setIamPolicy", {"policy": {"bindings": [binding]}})
    wanted = {"scope": ["https://www.googleapis.com/auth/cloud-platform"]}
    found = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        server.call("POST", "iamcredentials", f"/v1/projects/-/serviceAccounts/{ACCOUNT}:generateAccessToken", wanted)
        found.append((time.perf_counter() - begun) * 1000)
    median = statistics.median(found)
    bench.report.bar("generateAccessToken over REST", f"{median:.2f} ms",
                     f"median of {REPEATS}, slowest {max(found):.1f} ms; under 1 ms", median < 1)
