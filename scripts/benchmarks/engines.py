"""Cedar and Casbin: `engines.py cedar|casbin WORLD.json` prints their rate and their answers, as JSON.

Runs in a Python of its own, which has both.
"""

import json
import sys
import time

NEVER = "9999999999"


def cedar(world: dict) -> tuple[float, list[bool]]:
    """All questions in one batch, so that the policies are read once."""
    import cedarpy

    entities = [{"uid": {"type": "Action", "id": name}, "attrs": {}, "parents": []} for name in world["roles"]]
    holders = {}
    for role, permissions in world["roles"].items():
        for permission in permissions:
            holders.setdefault(permission, []).append(role)
    for permission, roles in holders.items():
        entities.append(entity("Action", permission, [("Action", role) for role in roles]))
    parents = {}
    for group, members in world["groups"].items():
        for member in members:
            parents.setdefault(member, []).append(("Group", group))
    named = set(parents) | {f"user:{question['user']}" for question in world["questions"]}
    for member in named | {f"group:{group}" for group in world["groups"]}:
        kind, address = member.split(":", 1)
        entities.append(entity(kind.capitalize(), address, parents.get(member, [])))
    rules = []
    for project, grants in world["policies"].items():
        for grant in grants:
            for member in grant["members"]:
                kind, address = member.split(":", 1)
                until = f" when {{ context.now < {grant['until']} }}" if grant["until"] else ""
                rules.append(f'permit(principal in {kind.capitalize()}::"{address}", '
                             f'action in Action::"{grant["role"]}", resource == Project::"{project}"){until};')
    requests = [{"principal": f'User::"{question["user"]}"', "action": f'Action::"{question["permission"]}"',
                 "resource": f'Project::"{question["project"]}"', "context": {"now": world["time"]}}
                for question in world["questions"]]
    policies, entities = "\n".join(rules), json.dumps(entities)
    # What reading the policies takes is known from a batch of one.
    reading = spent(lambda: cedarpy.is_authorized_batch(requests[:1], policies, entities))[0]
    seconds, answers = spent(lambda: cedarpy.is_authorized_batch(requests, policies, entities))
    return len(requests) / max(seconds - reading, 1e-9), [answer.allowed for answer in answers]


def entity(kind: str, name: str, parents: list[tuple[str, str]]) -> dict:
    return {"uid": {"type": kind, "id": name}, "attrs": {},
            "parents": [{"type": kind, "id": name} for kind, name in parents]}


MODEL = """
[request_definition]
r = sub, obj, act, now, any
[policy_definition]
p = sub, obj, role, until, any
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.obj == p.obj && g(r.sub, p.sub) && g2(r.act, p.role) && r.now < p.until
"""


def casbin(world: dict) -> tuple[float, list[bool]]:
    """The enforcer that looks at the policies of one project alone. Times are texts of ten digits."""
    import casbin as library
    from casbin.model import FastModel

    # It wants two fields to find policies by; the second is the same in all of them.
    model = FastModel([1, 4])
    model.load_model_from_text(MODEL)
    # Of a section's definitions this model reads the first alone.
    model.add_def("g", "g2", "_, _")
    enforcer = library.FastEnforcer(model, cache_key_order=[1, 4])
    enforcer.add_grouping_policies([[member, f"group:{group}"] for group, members in world["groups"].items()
                                    for member in members])
    enforcer.add_named_grouping_policies("g2", [[permission, role] for role, permissions in world["roles"].items()
                                                for permission in permissions])
    enforcer.add_policies([[member, project, grant["role"], str(grant["until"] or NEVER), "any"]
                           for project, grants in world["policies"].items() for grant in grants
                           for member in grant["members"]])
    requests = [(f"user:{question['user']}", question["project"], question["permission"], str(world["time"]), "any")
                for question in world["questions"]]
    seconds, answers = spent(lambda: [enforcer.enforce(*request) for request in requests])
    return len(requests) / seconds, answers


def spent(work):
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


if __name__ == "__main__":
    with open(sys.argv[2]) as file:
        rate, allowed = {"cedar": cedar, "casbin": casbin}[sys.argv[1]](json.load(file))
    print(json.dumps({"rate": rate, "allowed": allowed}))
