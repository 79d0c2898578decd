"""A DAG of Apache Airflow's operators for Cloud Run jobs and Batch. It is in the folder of DAGs; run as a program, it
runs without a scheduler, prints the state of each task, and ends with a non-zero status unless all have succeeded.

Of the environment it takes GOOGLE_CLOUD_PROJECT, IMAGE, an image that has a `sh`, and ACCOUNT, a service account that
may read the image.
"""

import datetime
import os
import sys

from airflow.providers.google.cloud.operators import cloud_batch, cloud_run
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from google.cloud import batch_v1, run_v2

IMAGE, ACCOUNT = os.environ["IMAGE"], os.environ["ACCOUNT"]
WHERE = {"project_id": os.environ["GOOGLE_CLOUD_PROJECT"], "region": "us-central1"}


def cloud_run_job(tasks, script="echo task $CLOUD_RUN_TASK_INDEX"):
    container = run_v2.Container(image=IMAGE, command=["sh"], args=["-c", script])
    template = run_v2.TaskTemplate(containers=[container], max_retries=0)
    return run_v2.Job(template=run_v2.ExecutionTemplate(task_count=tasks, template=template))


def batch_job(script):
    container = batch_v1.Runnable.Container(image_uri=IMAGE, entrypoint="/bin/sh", commands=["-c", script])
    spec = batch_v1.TaskSpec(
        runnables=[batch_v1.Runnable(container=container)],
        compute_resource=batch_v1.ComputeResource(cpu_milli=500, memory_mib=64),
    )
    group = batch_v1.TaskGroup(task_count=2, task_spec=spec)
    logs = batch_v1.LogsPolicy(destination=batch_v1.LogsPolicy.Destination.CLOUD_LOGGING)
    policy = batch_v1.AllocationPolicy(service_account=batch_v1.ServiceAccount(email=ACCOUNT))
    return batch_v1.Job(task_groups=[group], logs_policy=logs, allocation_policy=policy)


def expect(operator, check):
    """Adds a task that looks at what an operator has come to."""

    def look(ti):
        value = ti.xcom_pull(task_ids=operator.task_id)
        assert check(value), value

    operator >> PythonOperator(task_id=f"look_at_{operator.task_id}", python_callable=look)


def cloud_run_tasks():
    job = {**WHERE, "job_name": "airflow"}
    execute = {**job, "polling_period_seconds": 0.2, "timeout_seconds": 300}
    create = cloud_run.CloudRunCreateJobOperator(task_id="run_create", job=cloud_run_job(tasks=1), **job)
    update = cloud_run.CloudRunUpdateJobOperator(task_id="run_update", job=cloud_run_job(tasks=2), **job)
    listed = cloud_run.CloudRunListJobsOperator(task_id="run_list", **WHERE)
    run = cloud_run.CloudRunExecuteJobOperator(task_id="run_execute", **execute)
    work = {"args": ["-c", "exit $((1 - WORK))"], "env": [{"name": "WORK", "value": "1"}]}
    overridden = cloud_run.CloudRunExecuteJobOperator(
        task_id="run_execute_rest", transport="rest",
        overrides={"container_overrides": [work], "task_count": 1}, **execute,
    )
    deferred = cloud_run.CloudRunExecuteJobOperator(task_id="run_execute_deferred", deferrable=True, **execute)
    delete = cloud_run.CloudRunDeleteJobOperator(task_id="run_delete", **job)
    create >> update >> listed >> run >> overridden >> deferred >> delete
    expect(listed, lambda jobs: [each["template"]["task_count"] for each in jobs] == [2])
    expect(run, lambda value: value["name"].endswith("/jobs/airflow"))


def batch_tasks():
    polling = {"polling_period_seconds": 0.2, "timeout_seconds": 300}
    submit = cloud_batch.CloudBatchSubmitJobOperator(
        task_id="batch_submit", job_name="airflow", job=batch_job("echo task $BATCH_TASK_INDEX"), **polling, **WHERE
    )
    deferred = cloud_batch.CloudBatchSubmitJobOperator(
        task_id="batch_submit_deferred", job_name="airflow-deferred", job=batch_job("true"), deferrable=True,
        **polling, **WHERE,
    )
    jobs = cloud_batch.CloudBatchListJobsOperator(task_id="batch_list_jobs", filter='status.state="SUCCEEDED"', **WHERE)
    tasks = cloud_batch.CloudBatchListTasksOperator(task_id="batch_list_tasks", job_name="airflow", **WHERE)
    delete = cloud_batch.CloudBatchDeleteJobOperator(task_id="batch_delete", job_name="airflow", **WHERE)
    submit >> deferred >> jobs >> tasks >> delete
    names = ["airflow", "airflow-deferred"]
    expect(jobs, lambda found: sorted(each["name"].split("/")[-1] for each in found) == names)
    expect(tasks, lambda found: len(found) == 2)


with DAG("landfall", start_date=datetime.datetime(2026, 1, 1), schedule=None) as dag:
    cloud_run_tasks()
    batch_tasks()

if __name__ == "__main__":
    run = dag.test()
    states = {each.task_id: each.state for each in run.get_task_instances()}
    for name in sorted(states):
        print(f"{name}: {states[name]}")
    sys.exit(0 if set(states.values()) == {"success"} else 1)
