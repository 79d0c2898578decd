"""Uses google-cloud-batch as any program would: python batch_client.py PROJECT LOCATION [grpc|rest]

Prints one line for each thing that went as it should; the first that does not ends it with a non-zero status.
"""

import sys
import time
import uuid

from google.api_core import exceptions
from google.cloud import batch_v1

TASKS = 3
TEXT = "echo Hello World! This is task $BATCH_TASK_INDEX executed by $(whoami)."


def documented_job(run="none"):
    runnable = batch_v1.Runnable(script=batch_v1.Runnable.Script(text=TEXT))
    group = batch_v1.TaskGroup(
        task_count=TASKS, task_spec=batch_v1.TaskSpec(runnables=[runnable]), run_as_non_root=True
    )
    logs = batch_v1.LogsPolicy(destination=batch_v1.LogsPolicy.Destination.CLOUD_LOGGING)
    return batch_v1.Job(task_groups=[group], logs_policy=logs, labels={"run": run})


def wait(client, name, seconds=120):
    final = (batch_v1.JobStatus.State.SUCCEEDED, batch_v1.JobStatus.State.FAILED)
    deadline = time.monotonic() + seconds
    while True:
        job = client.get_job(name=name)
        if job.status.state in final:
            return job
        assert time.monotonic() < deadline, f"still {job.status.state.name} after {seconds} s"
        time.sleep(0.2)


# Over REST the library raises the classes of HTTP statuses, of which those of gRPC are subclasses.
def expect(error, call):
    try:
        answer = call()
    except error as raised:
        return raised
    raise AssertionError(f"expected {error.__name__}, got {answer!r}")


def check_errors(client, parent):
    missing = expect(exceptions.NotFound, lambda: client.get_job(name=f"{parent}/jobs/absent"))
    assert "absent" in missing.message, missing.message
    print("not found: named")

    foreign = "projects/landfall-absent/locations/" + parent.split("/")[-1]
    denied = expect(exceptions.Forbidden, lambda: client.create_job(parent=foreign, job=documented_job()))
    assert denied.reason == "IAM_PERMISSION_DENIED", denied.reason
    assert denied.domain == "iam.googleapis.com", denied.domain
    assert denied.metadata["permission"] == "batch.jobs.create", denied.metadata
    print("permission denied: batch.jobs.create")

    for job_id, job in [("x" * 64, documented_job()), ("empty", batch_v1.Job())]:
        refused = expect(
            exceptions.BadRequest, lambda: client.create_job(parent=parent, job=job, job_id=job_id)
        )
        assert refused.message, refused
    print("invalid argument: refused")


def main(project, location, transport="grpc"):
    client = batch_v1.BatchServiceClient(transport=None if transport == "grpc" else transport)
    parent = f"projects/{project}/locations/{location}"
    job_id = "client-" + uuid.uuid4().hex[:12]

    created = client.create_job(parent=parent, job=documented_job(job_id), job_id=job_id)
    assert created.name == f"{parent}/jobs/{job_id}", created.name
    assert created.uid and created.create_time, created
    assert created.task_groups[0].name.endswith("/taskGroups/group0"), created.task_groups[0].name
    print(f"created: {created.uid}")

    job = wait(client, created.name)
    assert job.status.state == batch_v1.JobStatus.State.SUCCEEDED, job.status
    counts = job.status.task_groups["group0"].counts
    assert counts["SUCCEEDED"] == TASKS, counts
    assert job.status.status_events, "no status events"
    print("succeeded: 3 tasks")

    assert job_id in [j.name.split("/")[-1] for j in client.list_jobs(parent=parent)]
    filtered = batch_v1.ListJobsRequest(parent=parent, filter=f'labels.run="{job_id}"')
    assert [j.name.split("/")[-1] for j in client.list_jobs(request=filtered)] == [job_id]
    print("listed: with and without a filter")

    tasks = list(client.list_tasks(parent=job.task_groups[0].name))
    assert sorted(t.name.split("/")[-1] for t in tasks) == ["0", "1", "2"], tasks
    task = client.get_task(name=tasks[0].name)
    assert task.status.state == batch_v1.TaskStatus.State.SUCCEEDED, task.status
    print("tasks: 0 1 2")

    check_errors(client, parent)

    expect(
        exceptions.Conflict,
        lambda: client.create_job(parent=parent, job=documented_job(), job_id=job_id),
    )
    print("already exists: refused")

    client.delete_job(name=created.name).result(timeout=60)
    expect(exceptions.NotFound, lambda: client.get_job(name=created.name))
    print("deleted")


if __name__ == "__main__":
    main(*sys.argv[1:])
