"""Uses google-auth as any program would: python credentials_client.py PROJECT LOCATION SERVICE_ACCOUNT

Prints one line for each thing that went as it should; the first that does not ends it with a non-zero status.
"""

import sys

import google.auth
import google.auth.crypt
import google.auth.iam
import google.auth.jwt
import requests
from google.api_core import exceptions
from google.auth import impersonated_credentials
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.cloud import batch_v1
from google.oauth2 import id_token, service_account

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TOKEN_URI = "https://oauth2.googleapis.com/token"
AUDIENCE = "https://service.example.com"


def list_jobs(credentials, project, location):
    client = batch_v1.BatchServiceClient(credentials=credentials)
    return list(client.list_jobs(parent=f"projects/{project}/locations/{location}"))


def check_id_token(token, account):
    """Verifies it as a service would that knows the issuer alone."""
    issuer = google.auth.jwt.decode(token, verify=False)["iss"]
    discovery = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
    assert discovery["issuer"] == issuer, discovery
    claims = id_token.verify_token(
        token, Request(), audience=AUDIENCE, certs_url="https://www.googleapis.com/oauth2/v1/certs"
    )
    assert claims["email"] == account and claims["email_verified"], claims
    keys = requests.get(discovery["jwks_uri"], timeout=30).json()["keys"]
    kid = google.auth.jwt.decode_header(token)["kid"]
    assert kid in [key["kid"] for key in keys], keys


def main(project, location, account):
    person, _ = google.auth.default(scopes=[SCOPE])

    robot = impersonated_credentials.Credentials(person, target_principal=account, target_scopes=[SCOPE], lifetime=600)
    list_jobs(robot, project, location)
    print("impersonated")

    identity = impersonated_credentials.IDTokenCredentials(robot, target_audience=AUDIENCE, include_email=True)
    identity.refresh(Request())
    check_id_token(identity.token, account)
    print("identified")

    blob = b"to be signed"
    signature = robot.sign_bytes(blob)
    url = f"https://www.googleapis.com/service_accounts/v1/metadata/x509/{account}"
    certificates = requests.get(url, timeout=30).json()
    assert google.auth.crypt.verify_signature(blob, signature, list(certificates.values()))
    print("signed")

    # A credential like that of a key file, whose key only the server has.
    signer = google.auth.iam.Signer(Request(), person, account)
    held = service_account.Credentials(signer, account, TOKEN_URI, scopes=[SCOPE])
    held.refresh(Request())
    info = requests.get("https://oauth2.googleapis.com/tokeninfo", {"access_token": held.token}, timeout=30).json()
    assert info["email"] == account and info["scope"] == SCOPE, info
    print("exchanged")

    own = service_account.IDTokenCredentials(signer, account, TOKEN_URI, AUDIENCE)
    own.refresh(Request())
    check_id_token(own.token, account)
    print("exchanged for an identity")

    # A JWT of its own instead of a token.
    list_jobs(service_account.Credentials(signer, account, TOKEN_URI, always_use_jwt_access=True), project, location)
    elsewhere = google.auth.jwt.Credentials(signer, account, account, "https://logging.googleapis.com/")
    try:
        list_jobs(elsewhere, project, location)
    except exceptions.Unauthenticated:
        print("kept to its audience")
    print("self-signed")

    other = impersonated_credentials.Credentials(
        person, target_principal=f"nobody@{project}.iam.gserviceaccount.com", target_scopes=[SCOPE]
    )
    try:
        other.refresh(Request())
    except RefreshError as error:
        assert "iam.serviceAccounts.getAccessToken" in str(error), error
        print("refused")


main(*sys.argv[1:])
