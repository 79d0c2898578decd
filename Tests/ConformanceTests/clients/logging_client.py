"""Uses google-cloud-logging as any program would: python logging_client.py PROJECT LOCATION [grpc|http]

Writes entries, reads them back by filter and, over gRPC, follows them as they come. Prints one line for each thing
that went as it should; the first that does not ends it with a non-zero status.
"""

import queue
import sys
import threading
import uuid

from google.api_core import exceptions
from google.cloud import logging
from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client
from google.cloud.logging_v2.types import TailLogEntriesRequest
from google.protobuf.duration_pb2 import Duration


# Over REST the library raises the classes of HTTP statuses, of which those of gRPC are subclasses.
def expect(error, call):
    try:
        answer = call()
    except error as raised:
        return raised
    raise AssertionError(f"expected {error.__name__}, got {answer!r}")


def check_write_and_list(client, log_id, location):
    logger = client.logger(log_id)
    resource = logging.Resource(type="generic_task", labels={"location": location, "task_id": "0"})
    logger.log_text("plain", severity="INFO", resource=resource, labels={"kind": "text"})
    logger.log_struct({"message": "structured", "count": 5}, severity="ERROR", resource=resource)
    batch = logger.batch()
    for index in range(60):
        batch.log_text(f"line {index:02}", resource=resource, labels={"kind": "many"})
    batch.commit()
    print("written: 62")

    name = f'logName="projects/{client.project}/logs/{log_id}"'
    entries = list(client.list_entries(filter_=f"{name} AND labels.kind=many", page_size=7))
    assert [e.payload for e in entries] == [f"line {i:02}" for i in range(60)], len(entries)
    assert all(e.insert_id and e.timestamp and e.resource.type == "generic_task" for e in entries)
    print("listed: 60 in order")

    latest = client.list_entries(filter_=name, order_by=logging.DESCENDING, max_results=1)
    assert [e.payload for e in latest] == ["line 59"]
    (error,) = client.list_entries(filter_=f"{name}\nseverity>=ERROR\njsonPayload.count>4")
    assert error.payload["message"] == "structured", error
    assert not list(client.list_entries(filter_=f'{name} AND NOT textPayload:"line" AND labels.kind=many'))
    print("filtered: by severity, payload and label")

    refused = expect(exceptions.BadRequest, lambda: list(client.list_entries(filter_="severity>=")))
    assert "filter" in refused.message, refused.message
    foreign = ["projects/landfall-absent"]
    expect(exceptions.Forbidden, lambda: list(client.list_entries(resource_names=foreign)))
    print("refused: a bad filter, a foreign project")


def check_tail(client, log_id):
    service = LoggingServiceV2Client()
    request = TailLogEntriesRequest(
        resource_names=[f"projects/{client.project}"],
        filter=f'log_id("{log_id}") AND severity>=WARNING',
        buffer_window=Duration(nanos=1_000_000),
    )
    logger = client.logger(log_id)
    done = threading.Event()

    def write():
        # What is written before the server has opened the stream is not seen: write until something is.
        while not done.wait(0.2):
            logger.log_text("not wanted", severity="INFO")
            logger.log_text("wanted", severity="WARNING")

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    # The client library returns from the call only once it has the first response.
    requests = queue.Queue()
    requests.put(request)
    stream = service.tail_log_entries(requests=iter(requests.get, None), timeout=60)
    for response in stream:
        assert all(entry.text_payload == "wanted" for entry in response.entries), response
        if response.entries:
            break
    done.set()
    writer.join()
    requests.put(None)
    stream.cancel()
    print("followed")


def main(project, location, transport="grpc"):
    client = logging.Client(project=project, _use_grpc=transport == "grpc")
    log_id = "conformance-" + uuid.uuid4().hex[:12]
    check_write_and_list(client, log_id, location)
    if transport == "grpc":
        check_tail(client, log_id)
    client.logger(log_id).delete()
    expect(exceptions.NotFound, lambda: client.logger(log_id).delete())
    print("deleted")


if __name__ == "__main__":
    main(*sys.argv[1:])
