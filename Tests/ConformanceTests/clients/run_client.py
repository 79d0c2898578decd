"""Uses google-cloud-run as any program would: python run_client.py PROJECT LOCATION grpc|rest IMAGE

The image has a `sh`. Prints one line for each thing that went as it should; the first that does not ends it with a
non-zero status.
"""

import sys

from google.api_core import exceptions
from google.cloud import run_v2
from google.iam.v1 import policy_pb2


PROJECT, LOCATION, TRANSPORT, IMAGE = sys.argv[1:]


def job(tasks=1):
    script = 'test "$CLOUD_RUN_TASK_INDEX" -lt "$CLOUD_RUN_TASK_COUNT" || exit 7'
    container = run_v2.Container(image=IMAGE, command=["sh"], args=["-c", script])
    template = run_v2.TaskTemplate(containers=[container], max_retries=0)
    return run_v2.Job(template=run_v2.ExecutionTemplate(task_count=tasks, template=template))


# Over REST the library raises the classes of HTTP statuses, of which those of gRPC are subclasses.
def expect(error, call):
    try:
        answer = call()
    except error as raised:
        return raised
    raise AssertionError(f"expected {error.__name__}, got {answer!r}")


def check_jobs(client, parent, name):
    created = client.create_job(parent=parent, job=job(), job_id=name.split("/")[-1]).result()
    assert created.name == name and created.generation == 1, created
    assert created.terminal_condition.state == run_v2.Condition.State.CONDITION_SUCCEEDED, created
    assert created.template.template.timeout.total_seconds() == 600, created
    expect(exceptions.Conflict, lambda: client.create_job(parent=parent, job=job(), job_id=name.split("/")[-1]))
    print("created")

    changed = job(tasks=3)
    changed.name = name
    updated = client.update_job(job=changed).result()
    assert updated.generation == 2 and updated.template.task_count == 3, updated
    assert [each.name for each in client.list_jobs(parent=parent) if each.name == name] == [name]
    print("updated")

    changed.template.template.containers.append(run_v2.Container(image="sidecar"))
    refused = expect(exceptions.BadRequest, lambda: client.update_job(job=changed))
    assert "containers" in refused.message, refused.message
    foreign = "projects/landfall-absent/locations/" + parent.split("/")[-1]
    denied = expect(exceptions.Forbidden, lambda: client.get_job(name=f"{foreign}/jobs/x"))
    assert "run.jobs.get" in denied.message, denied.message
    print("refused")


def check_policy(client, name):
    policy = client.get_iam_policy(request={"resource": name})
    policy.bindings.append(policy_pb2.Binding(role="roles/run.invoker", members=["user:bob@example.com"]))
    client.set_iam_policy(request={"resource": name, "policy": policy})
    assert [each.role for each in client.get_iam_policy(request={"resource": name}).bindings] == ["roles/run.invoker"]
    print("granted")


def overriding(**values):
    container = run_v2.RunJobRequest.Overrides.ContainerOverride(**values)
    return run_v2.RunJobRequest.Overrides(task_count=2, container_overrides=[container])


def check_executions(client, name):
    executions = run_v2.ExecutionsClient(transport=TRANSPORT)
    operation = client.run_job(run_v2.RunJobRequest(name=name, overrides=run_v2.RunJobRequest.Overrides(task_count=2)))
    started = operation.metadata
    assert started.task_count == 2 and started.name.startswith(name + "/executions/"), started
    ended = operation.result(timeout=120)
    assert ended.name == started.name and ended.succeeded_count == 2 and not ended.failed_count, ended
    assert not ended.reconciling and ended.completion_time, ended
    (completed,) = [each for each in ended.conditions if each.type_ == "Completed"]
    assert completed.state == run_v2.Condition.State.CONDITION_SUCCEEDED, ended
    assert client.get_job(name=name).latest_created_execution.name == ended.name.split("/")[-1]
    print("executed")

    tasks = run_v2.TasksClient(transport=TRANSPORT)
    listed = list(tasks.list_tasks(parent=ended.name))
    assert [task.index for task in listed] == [0, 1], listed
    assert all(task.last_attempt_result.exit_code == 0 and task.completion_time for task in listed), listed
    assert tasks.get_task(name=listed[1].name) == listed[1]
    print("listed")

    bad = client.run_job(run_v2.RunJobRequest(name=name, overrides=overriding(args=["-c", "exit 7"])))
    failed = expect(exceptions.GoogleAPICallError, lambda: bad.result(timeout=120))
    assert "failed" in str(failed), failed
    broken = executions.get_execution(name=bad.metadata.name)
    assert broken.failed_count >= 1 and not broken.succeeded_count, broken
    codes = [task.last_attempt_result.exit_code for task in tasks.list_tasks(parent=broken.name)]
    assert 7 in codes, codes
    print("failed")

    for each in [ended, broken]:
        expect(exceptions.BadRequest, lambda: executions.cancel_execution(name=each.name))
        executions.delete_execution(name=each.name).result(timeout=60)
        expect(exceptions.NotFound, lambda: executions.get_execution(name=each.name))
    print("forgotten")


def main():
    client = run_v2.JobsClient(transport=TRANSPORT)
    parent = f"projects/{PROJECT}/locations/{LOCATION}"
    name = f"{parent}/jobs/report-{TRANSPORT}"
    check_jobs(client, parent, name)
    check_policy(client, name)
    check_executions(client, name)
    client.delete_job(name=name).result(timeout=60)
    expect(exceptions.NotFound, lambda: client.get_job(name=name))
    print("deleted")


main()
