#!/usr/bin/env python3
"""The part of `gcloud storage cp` that dsub uses, in an image of tests: there is no Cloud Storage.

What would become an object becomes an entry of the log "objects", written as the task's service account; an object that
is read holds its own name.
"""

import json
import pathlib
import sys
import urllib.request

METADATA = "http://metadata.google.internal/computeMetadata/v1"


def metadata(path):
    request = urllib.request.Request(f"{METADATA}/{path}", headers={"Metadata-Flavor": "Google"})
    return urllib.request.urlopen(request).read().decode()


def upload(content, name):
    project = metadata("project/project-id")
    token = json.loads(metadata("instance/service-accounts/default/token"))["access_token"]
    body = {
        "logName": f"projects/{project}/logs/objects",
        "resource": {"type": "global"},
        "entries": [{"jsonPayload": {"name": name, "content": content}}],
    }
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    address = "https://logging.googleapis.com/v2/entries:write"
    urllib.request.urlopen(urllib.request.Request(address, json.dumps(body).encode(), headers)).read()


def main():
    command, verb, *words = sys.argv[1:]
    assert (command, verb) == ("storage", "cp"), sys.argv
    source, target = [word for word in words if not word.startswith("--")]
    if target.startswith("gs://"):
        upload(pathlib.Path(source).read_text(), target)
    else:
        pathlib.Path(target).write_text(source + "\n")


main()
