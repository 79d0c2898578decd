"""Uses google-cloud-artifact-registry and google-cloud-secret-manager as any program would:
python registry_client.py PROJECT LOCATION TRANSPORT

Prints one line for each thing that went as it should; the first that does not ends it with a non-zero status.
"""

import sys

import google.auth
from google.api_core import exceptions
from google.auth.transport.requests import AuthorizedSession
from google.cloud import artifactregistry_v1, secretmanager_v1
from google.iam.v1 import iam_policy_pb2
from google.protobuf import field_mask_pb2


def enable(project):
    session = AuthorizedSession(google.auth.default()[0])
    services = ["artifactregistry.googleapis.com", "secretmanager.googleapis.com"]
    url = f"https://serviceusage.googleapis.com/v1/projects/{project}/services:batchEnable"
    session.post(url, json={"serviceIds": services}).raise_for_status()


def repositories(project, location, transport):
    client = artifactregistry_v1.ArtifactRegistryClient(transport=transport)
    parent = f"projects/{project}/locations/{location}"
    wanted = artifactregistry_v1.Repository(
        format_=artifactregistry_v1.Repository.Format.DOCKER, description="by Python", labels={"made": "by-python"}
    )
    made = client.create_repository(parent=parent, repository_id="python", repository=wanted).result(timeout=60)
    assert made.name == f"{parent}/repositories/python" and made.labels == {"made": "by-python"}, made
    assert [found.name for found in client.list_repositories(parent=parent)] == [made.name]
    made.description = "changed"
    changed = client.update_repository(repository=made, update_mask=field_mask_pb2.FieldMask(paths=["description"]))
    assert changed.description == "changed"
    request = iam_policy_pb2.GetIamPolicyRequest(resource=made.name)
    assert not client.get_iam_policy(request=request).bindings
    assert list(client.list_docker_images(parent=made.name)) == []
    client.delete_repository(name=made.name).result(timeout=60)
    try:
        client.get_repository(name=made.name)
    except exceptions.NotFound:
        print("repository")


def secrets(project, transport):
    client = secretmanager_v1.SecretManagerServiceClient(transport=transport)
    request = {"parent": f"projects/{project}", "secret_id": "python", "secret": {"replication": {"automatic": {}}}}
    secret = client.create_secret(request=request)
    version = client.add_secret_version(request={"parent": secret.name, "payload": {"data": b"value"}})
    read = client.access_secret_version(name=f"projects/{project}/secrets/python/versions/latest")
    assert read.name == version.name and read.payload.data == b"value" and read.payload.data_crc32c, read
    assert [found.name for found in client.list_secret_versions(parent=secret.name)] == [version.name]
    client.disable_secret_version(name=version.name)
    try:
        client.access_secret_version(name=version.name)
    except exceptions.BadRequest:
        client.delete_secret(name=secret.name)
    assert list(client.list_secrets(parent=f"projects/{project}")) == []
    print("secret")


if __name__ == "__main__":
    project, location, transport = sys.argv[1:]
    enable(project)
    repositories(project, location, transport)
    secrets(project, transport)
