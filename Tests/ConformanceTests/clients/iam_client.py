"""Uses google-cloud-iam as any program would: python iam_client.py PROJECT LOCATION TRANSPORT

The library speaks gRPC alone.

Prints one line for each thing that went as it should; the first that does not ends it with a non-zero status.
"""

import json
import sys

from google.api_core import exceptions
from google.cloud import batch_v1, iam_admin_v1
from google.iam.v1 import iam_policy_pb2
from google.oauth2 import service_account

SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def main(project, location, transport):
    client = iam_admin_v1.IAMClient(transport=transport)
    account = client.create_service_account(
        request={"name": f"projects/{project}", "account_id": "python-robot", "service_account": {"display_name": "Py"}}
    )
    assert client.get_service_account(name=f"projects/-/serviceAccounts/{account.unique_id}") == account
    assert account.email in [found.email for found in client.list_service_accounts(name=f"projects/{project}")]
    try:
        client.create_service_account(request={"name": f"projects/{project}", "account_id": "python-robot"})
    except exceptions.AlreadyExists:
        print("created")

    policy = client.get_iam_policy(request=iam_policy_pb2.GetIamPolicyRequest(resource=account.name))
    policy.bindings.add(role="roles/iam.serviceAccountUser", members=["user:bob@example.com"])
    request = iam_policy_pb2.SetIamPolicyRequest(resource=account.name, policy=policy)
    assert client.set_iam_policy(request=request).bindings == policy.bindings
    print("granted")

    role = client.create_role(
        request={
            "parent": f"projects/{project}",
            "role_id": "pythonRole",
            "role": {"title": "Py", "included_permissions": ["batch.jobs.list"], "stage": "GA"},
        }
    )
    role.title = "Python"
    changed = client.update_role(request={"name": role.name, "role": role, "update_mask": {"paths": ["title"]}})
    assert changed.title == "Python" and changed.included_permissions == ["batch.jobs.list"], changed
    assert role.name in [found.name for found in client.list_roles(request={"parent": f"projects/{project}"})]
    assert len(list(client.list_roles(request={}))) > 100
    print("defined")

    key = client.create_service_account_key(name=account.name)
    info = json.loads(key.private_key_data)
    robot = service_account.Credentials.from_service_account_info(info, scopes=[SCOPE])
    jobs = batch_v1.BatchServiceClient(credentials=robot)
    try:
        list(jobs.list_jobs(parent=f"projects/{project}/locations/{location}"))
    except exceptions.PermissionDenied as error:
        assert account.email in str(error), error
        print("signed in")

    client.delete_service_account_key(name=key.name)
    client.delete_role(request={"name": role.name})
    client.delete_service_account(name=account.name)
    restored = client.undelete_service_account(request={"name": f"projects/-/serviceAccounts/{account.unique_id}"})
    assert restored.restored_account.email == account.email, restored
    print("restored")


main(*sys.argv[1:])
