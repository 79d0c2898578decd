"""Uses google-cloud-run as any program would: python run_client.py PROJECT LOCATION [grpc|rest]

Prints one line for each thing that went as it should; the first that does not ends it with a non-zero status.
"""

import sys

from google.api_core import exceptions
from google.cloud import run_v2
from google.iam.v1 import policy_pb2


def job(tasks=1):
    container = run_v2.Container(image="busybox", args=["true"])
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


def check_executions(transport, client, name):
    executions = run_v2.ExecutionsClient(transport=transport)
    operation = client.run_job(
        run_v2.RunJobRequest(name=name, overrides=run_v2.RunJobRequest.Overrides(task_count=2))
    )
    execution = operation.metadata
    assert execution.task_count == 2 and execution.name.startswith(name + "/executions/"), execution
    try:
        operation.result(timeout=120)
    except exceptions.GoogleAPICallError as failed:
        # Without the image at hand the tasks fail, and the operation says so.
        assert "failed" in str(failed), failed
    ended = executions.get_execution(name=execution.name)
    assert not ended.reconciling and ended.succeeded_count + ended.failed_count == 2, ended
    print("executed")

    tasks = run_v2.TasksClient(transport=transport)
    listed = list(tasks.list_tasks(parent=execution.name))
    assert [task.index for task in listed] == [0, 1], listed
    assert tasks.get_task(name=listed[1].name) == listed[1]
    expect(exceptions.BadRequest, lambda: executions.cancel_execution(name=execution.name))
    executions.delete_execution(name=execution.name).result(timeout=60)
    expect(exceptions.NotFound, lambda: executions.get_execution(name=execution.name))
    print("forgotten")


def main():
    project, location = sys.argv[1], sys.argv[2]
    transport = sys.argv[3] if len(sys.argv) > 3 else "grpc"
    client = run_v2.JobsClient(transport=transport)
    parent = f"projects/{project}/locations/{location}"
    name = f"{parent}/jobs/report-{transport}"
    check_jobs(client, parent, name)
    check_policy(client, name)
    check_executions(transport, client, name)
    client.delete_job(name=name).result(timeout=60)
    expect(exceptions.NotFound, lambda: client.get_job(name=name))
    print("deleted")


main()
