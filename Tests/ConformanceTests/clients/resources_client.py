"""Uses google-cloud-resource-manager, google-cloud-org-policy and google-cloud-policy-troubleshooter as any program would:
python resources_client.py PROJECT LOCATION TRANSPORT

Prints one line for each thing that went as it should; the first that does not ends it with a non-zero status.
"""

import sys

from google.api_core import exceptions
from google.cloud import orgpolicy_v2, policytroubleshooter_v1, resourcemanager_v3
from google.iam.v1 import iam_policy_pb2, policy_pb2

ALICE = "user:alice@example.com"
CONSTRAINT = "iam.disableServiceAccountKeyCreation"


def grant(client, resource, role):
    """Adds a binding to a policy, as the library's guide does."""
    policy = client.get_iam_policy(request=iam_policy_pb2.GetIamPolicyRequest(resource=resource))
    policy.bindings.append(policy_pb2.Binding(role=role, members=[ALICE]))
    stored = client.set_iam_policy(request=iam_policy_pb2.SetIamPolicyRequest(resource=resource, policy=policy))
    assert role in [binding.role for binding in stored.bindings], stored


def organizations(transport):
    """Finds the organization and lets alice administer what is below; its name."""
    client = resourcemanager_v3.OrganizationsClient(transport=transport)
    (organization,) = client.search_organizations(query="domain:example.com")
    assert client.get_organization(name=organization.name) == organization
    for role in ["resourcemanager.folderAdmin", "resourcemanager.projectMover", "orgpolicy.policyAdmin"]:
        grant(client, organization.name, f"roles/{role}")
    wanted = ["resourcemanager.organizations.get", "resourcemanager.folders.delete", "run.jobs.create"]
    held = client.test_iam_permissions(resource=organization.name, permissions=wanted).permissions
    assert held == wanted[:2], held
    print("organization")
    return organization.name


def folders(transport, organization):
    """A folder's life; the name of one that stays."""
    client = resourcemanager_v3.FoldersClient(transport=transport)
    folder = client.create_folder(folder={"parent": organization, "display_name": f"py-{transport}"}).result()
    assert folder.state == resourcemanager_v3.Folder.State.ACTIVE, folder
    assert folder.name in [found.name for found in client.list_folders(parent=organization)]
    folder.display_name = f"Py {transport}"
    folder = client.update_folder(folder=folder, update_mask={"paths": ["display_name"]}).result()
    (found,) = client.search_folders(query=f'displayName="Py {transport}"')
    assert found.name == folder.name, found
    inner = client.create_folder(folder={"parent": folder.name, "display_name": "inner"}).result()
    grant(client, inner.name, "roles/viewer")
    moved = client.move_folder(name=inner.name, destination_parent=organization).result()
    assert moved.parent == organization, moved
    client.delete_folder(name=inner.name).result()
    assert client.get_folder(name=inner.name).state == resourcemanager_v3.Folder.State.DELETE_REQUESTED
    assert client.undelete_folder(name=inner.name).result().state == resourcemanager_v3.Folder.State.ACTIVE
    client.delete_folder(name=inner.name).result()
    print("folder")
    return folder.name


def projects(transport, folder):
    """A project's life, in a folder and below the organization."""
    client = resourcemanager_v3.ProjectsClient(transport=transport)
    project_id = f"python-{transport}"
    project = client.create_project(
        project={"project_id": project_id, "parent": folder, "display_name": "Python", "labels": {"by": transport}}
    ).result()
    assert client.get_project(name=f"projects/{project_id}").name == project.name
    assert [found.project_id for found in client.list_projects(parent=folder)] == [project_id]
    assert [found.project_id for found in client.search_projects(query=f"labels.by:{transport}")] == [project_id]
    project.display_name = "Renamed"
    project = client.update_project(project=project, update_mask={"paths": ["display_name"]}).result()
    assert project.display_name == "Renamed", project
    try:
        client.create_project(project={"project_id": project_id, "parent": folder}).result()
    except exceptions.Conflict:
        print("project")
    grant(client, project.name, "roles/batch.jobsViewer")
    client.delete_project(name=project.name).result()
    assert client.get_project(name=project.name).state == resourcemanager_v3.Project.State.DELETE_REQUESTED
    assert client.undelete_project(name=project.name).result().state == resourcemanager_v3.Project.State.ACTIVE
    client.delete_project(name=project.name).result()
    print("deleted")


def policies(transport, project):
    """A constraint is listed, enforced, seen in its effect and left to itself again."""
    client = orgpolicy_v2.OrgPolicyClient(transport=transport)
    parent = f"projects/{project}"
    assert f"constraints/{CONSTRAINT}" in [
        "constraints/" + found.name.split("/")[-1] for found in client.list_constraints(parent=parent)
    ]
    name = f"{parent}/policies/{CONSTRAINT}"
    policy = client.create_policy(
        parent=parent, policy={"name": name, "spec": {"rules": [{"enforce": True}]}}
    )
    assert client.get_policy(name=name) == policy
    assert [found.name for found in client.list_policies(parent=parent)] == [policy.name]
    assert client.get_effective_policy(name=name).spec.rules[0].enforce
    policy.spec.rules[0].enforce = False
    changed = client.update_policy(policy=policy)
    assert not changed.spec.rules[0].enforce, changed
    try:
        client.update_policy(policy=policy)
    except exceptions.Conflict:
        print("policy")
    client.delete_policy(name=name)
    try:
        client.get_policy(name=name)
    except exceptions.NotFound:
        print("unset")


def troubleshooter(transport, project):
    """Whether alice may list jobs, in the words of version 1."""
    client = policytroubleshooter_v1.IamCheckerClient(transport=transport)
    answer = client.troubleshoot_iam_policy(
        request={
            "access_tuple": {
                "principal": ALICE.removeprefix("user:"),
                "full_resource_name": f"//cloudresourcemanager.googleapis.com/projects/{project}",
                "permission": "batch.jobs.list",
            }
        }
    )
    assert answer.access == policytroubleshooter_v1.AccessState.GRANTED, answer
    print("explained")


def main(project, location, transport):
    folder = folders(transport, organizations(transport))
    projects(transport, folder)
    policies(transport, project)
    troubleshooter(transport, project)


main(*sys.argv[1:])
