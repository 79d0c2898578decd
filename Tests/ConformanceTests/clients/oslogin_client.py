"""Uses google-cloud-os-login as any program would: python oslogin_client.py EMAIL PROJECT [grpc|rest]

Prints one line for each thing that went as it should; the first that does not ends it with a non-zero status.
"""

import sys
import time

from google.api_core import exceptions
from google.cloud import oslogin_v1
from google.cloud.oslogin_v1 import common

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f laptop"


def expect(error, call):
    try:
        call()
    except error:
        return
    raise AssertionError(f"not refused with {error.__name__}")


def main(email, project, transport="grpc"):
    client = oslogin_v1.OsLoginServiceClient(transport=transport)
    user = f"users/{email}"
    assert not client.get_login_profile(name=user).posix_accounts
    print("empty")

    end = (int(time.time()) + 600) * 1_000_000
    key = common.SshPublicKey(key=KEY, expiration_time_usec=end)
    profile = client.import_ssh_public_key(parent=user, ssh_public_key=key, project_id=project).login_profile
    account = profile.posix_accounts[0]
    assert account.primary and account.account_id == project and account.uid == account.gid, account
    assert account.username == email.replace("@", "_").replace(".", "_"), account
    (fingerprint,) = profile.ssh_public_keys
    assert profile == client.get_login_profile(name=f"users/{profile.name}")
    print("imported")

    name = f"{user}/sshPublicKeys/{fingerprint}"
    assert client.get_ssh_public_key(name=name).expiration_time_usec == end
    endless = client.update_ssh_public_key(
        request={"name": name, "ssh_public_key": {"key": KEY}, "update_mask": {"paths": ["expiration_time_usec"]}}
    )
    assert endless.expiration_time_usec == 0 and endless.key == KEY, endless
    expect(exceptions.Conflict, lambda: client.create_ssh_public_key(parent=user, ssh_public_key=key))
    expect(exceptions.Forbidden, lambda: client.get_login_profile(name="users/bob@example.com"))
    expect(exceptions.BadRequest, lambda: client.create_ssh_public_key(parent=user, ssh_public_key={"key": "x"}))
    print("changed")

    client.delete_ssh_public_key(name=name)
    expect(exceptions.NotFound, lambda: client.get_ssh_public_key(name=name))
    client.delete_posix_account(name=account.name)
    assert not client.get_login_profile(name=user).posix_accounts
    print("deleted")


if __name__ == "__main__":
    main(*sys.argv[1:])
