"""Decisions about access in process, beside Cedar and Casbin with the same policies and the same questions."""

import json
import random
import subprocess

from . import tools
from .bench import Bench

PROJECTS, USERS, GROUPS, QUESTIONS = 100, 1000, 200, 2000
NOW = 1_800_000_000
YARDSTICK_QUESTIONS = 200
"""Cedar and Casbin are given fewer of the questions: they take long."""


def run(bench: Bench) -> None:
    roles = json.loads(subprocess.run([bench.bin / "AccessRate", "roles"], check=True, capture_output=True).stdout)
    sizes = [100, 1000, 10_000, 100_000]
    found = {size: decide(bench, world(size, roles)) for size in sizes}
    main = found[10_000]
    beside(bench, world(10_000, roles), roles, main)
    bench.report.bar("one decision in a hundred takes longer than", f"{main['slowest'] / 1000:.1f} µs", "under 20 µs",
                     main["slowest"] < 20_000)
    rates = [found[size]["rate"] for size in sizes]
    growth = max(rates) / min(rates)
    bench.report.bar("decisions with 100 to 100,000 bindings", f"{growth:.2f} ×",
                     "the quickest beside the slowest; under 2", growth < 2)
    bench.report.bar("a policy of 1,000 bindings until the next decision", f"{main['change']:.2f} ms", "under 5 ms",
                     main["change"] < 5)


def decide(bench: Bench, world: dict) -> dict:
    path = bench.folder / "world.json"
    path.write_text(json.dumps(world))
    output = subprocess.run([bench.bin / "AccessRate", path], check=True, capture_output=True).stdout
    return json.loads(output)


def beside(bench: Bench, world: dict, roles: dict, ours: dict) -> None:
    """The rate beside that of the faster yardstick, which must give the same answers."""
    python = tools.policy_engines()
    what = "decisions with 10,000 bindings"
    if not python:
        bench.report.not_measured(what, "neither Cedar nor Casbin can be installed")
        return
    path = bench.folder / "yardstick.json"
    path.write_text(json.dumps({**world, "roles": roles, "questions": world["questions"][:YARDSTICK_QUESTIONS]}))
    rates = {}
    for engine in ("cedar", "casbin"):
        output = subprocess.run([python, tools.ENGINES, engine, path], check=True, capture_output=True).stdout
        answer = json.loads(output)
        if answer["allowed"] != ours["allowed"][:YARDSTICK_QUESTIONS]:
            raise SystemExit(f"bench: {engine} answers otherwise")
        rates[engine] = answer["rate"]
    faster = max(rates, key=rates.get)
    for engine, rate in rates.items():
        bench.report.note(f"{engine} with the same policies", f"{rate:.3g}/s")
    bench.report.at_least(what, ours["rate"], rates[faster], faster, 100)


def world(bindings: int, roles: dict) -> dict:
    """An installation; a third of its grants end at some time, half of these before now."""
    source = random.Random(bindings)
    users = [f"some.user.number{i}@example.com" for i in range(USERS)]
    groups = {f"group{i}@example.com": [f"user:{user}" for user in source.sample(users, 20)] for i in range(GROUPS)}
    for i in range(4, GROUPS, 4):
        groups[f"group{i}@example.com"].append(f"group:group{i - 1}@example.com")
    names = sorted(roles)
    members = [f"user:{user}" for user in users] + [f"group:{group}" for group in groups]
    projects = [f"project-number-{i}" for i in range(PROJECTS)]
    policies = {project: [] for project in projects}
    for i in range(bindings):
        policies[projects[i % PROJECTS]].append({
            "role": source.choice(names), "members": [source.choice(members)],
            "until": NOW + source.randint(-100_000_000, 100_000_000) if i % 3 == 0 else None})
    permissions = sorted({permission for role in roles.values() for permission in role})
    questions = [{"user": source.choice(users), "permission": source.choice(permissions),
                  "project": source.choice(projects)} for _ in range(QUESTIONS)]
    return {"time": NOW, "groups": groups, "policies": policies, "questions": questions}
