"""What a local run does with each field of a job and of its tasks; `docs/reference/jobs.md` is written from it.

The fields are those that the Databricks CLI knows (`bundle/schema/fields.json`); a test compares the two lists.
"""

from dataclasses import dataclass
from enum import StrEnum


class Use(StrEnum):
    """What becomes of a field."""

    USED = "used"
    IGNORED = "no effect here"
    WORKSPACE = "`[CLOUD]`"


@dataclass(frozen=True)
class LocalField:
    """One field.

    Attributes:
        use: What becomes of it.
        note: How it is used, or why not.
    """

    use: Use
    note: str


def _used(note: str) -> LocalField:
    return LocalField(Use.USED, note)


def _ignored(note: str) -> LocalField:
    return LocalField(Use.IGNORED, note)


def _workspace(note: str) -> LocalField:
    return LocalField(Use.WORKSPACE, note)


_MESSAGES = "a local run sends no messages"
_MONEY = "a local run costs nothing"
_STARTS = "a local run starts when you start it"
_SHOWN = "a workspace shows it"
_MACHINES = "tasks run on this machine"
_CLUSTER = "`spark_conf` and `spark_env_vars`, see below"
_OLD_PARAMETERS = "the task needs a workspace; declare job parameters and use `job_parameters`"
_GIT = "`GIT`: the task needs a workspace, which checks the code out; `WORKSPACE`: files of the project"
_WAREHOUSE = "SQL runs on the local engine"
_DBT = "dbt tasks need a SQL warehouse"
_PIPELINE = "pipelines run in a workspace"

# Task kinds that need a workspace, with the reason that a run gives.
WORKSPACE_TASKS = {
    "pipeline_task": _PIPELINE,
    "dbt_task": _DBT,
    "dbt_cloud_task": "dbt Cloud is a service",
    "dbt_platform_task": "the dbt platform is a service",
    "spark_jar_task": "JAR tasks need a cluster",
    "spark_submit_task": "spark-submit tasks need a cluster",
    "clean_rooms_notebook_task": "clean rooms exist only in a workspace",
    "power_bi_task": "Power BI is a service",
    "python_operator_task": "Python operators run in a workspace",
    "dashboard_task": "dashboards exist only in a workspace",
    "alert_task": "alerts exist only in a workspace",
    "gen_ai_compute_task": "it needs GPU compute of a workspace",
    "ai_runtime_task": "it needs GPU compute of a workspace",
}
# Fields of `run_job_task` from before job parameters; a local run does not pass them on.
OLD_PARAMETERS = (
    "dbt_commands",
    "jar_params",
    "notebook_params",
    "pipeline_params",
    "python_named_params",
    "python_params",
    "spark_submit_params",
    "sql_params",
)

FIELDS: dict[str, dict[str, LocalField]] = {
    "Job": {
        "name": _used("in reports and as `{{job.name}}`"),
        "tasks": _used("the graph of the run"),
        "parameters": _used("`--param NAME=VALUE` overrides a default"),
        "timeout_seconds": _used("counts from the start of the job; waiting for a free process counts too"),
        "run_as": _used("the principal of the tasks: local grants are checked against it"),
        "environments": _used(
            "wheels of `dependencies` are the project's sources; missing packages are reported"
        ),
        "trigger": _used("`file_arrival.url` is `{{job.trigger.file_arrival.location}}`; nothing is watched"),
        "git_source": _workspace("the code comes from a repository that a workspace checks out"),
        "job_clusters": _used(_CLUSTER),
        "triggers": _ignored(_STARTS),
        "schedule": _ignored(_STARTS),
        "continuous": _ignored(_STARTS),
        "max_concurrent_runs": _ignored("one run of a project at a time"),
        "queue": _ignored("a second run is refused, not queued"),
        "health": _ignored("a local run raises no alerts"),
        "email_notifications": _ignored(_MESSAGES),
        "webhook_notifications": _ignored(_MESSAGES),
        "notification_settings": _ignored(_MESSAGES),
        "performance_target": _ignored(_MONEY),
        "budget_policy_id": _ignored(_MONEY),
        "usage_policy_id": _ignored(_MONEY),
        "description": _ignored(_SHOWN),
        "tags": _ignored(_SHOWN),
        "permissions": _ignored("they say who may see and start the job in a workspace"),
        "parent_path": _ignored("a folder of the workspace"),
        "lifecycle": _ignored("it belongs to a deployment"),
        "deployment": _ignored("it belongs to a deployment"),
        "edit_mode": _ignored("it belongs to a deployment"),
        "format": _ignored("jobs have one format today"),
        "id": _ignored("it belongs to a deployment"),
        "modified_status": _ignored("it belongs to a deployment"),
        "url": _ignored("it belongs to a deployment"),
    },
    "Task": {
        "task_key": _used("names the task in reports, files and references"),
        "depends_on": _used("with `outcome` of conditions"),
        "run_if": _used("all six values, see above"),
        "disabled": _used("see above"),
        "timeout_seconds": _used(
            "counts from the start of the code, not while the task waits for a free process; "
            "of a loop or a called job, from its own start"
        ),
        "max_retries": _used("any number if negative"),
        "min_retry_interval_millis": _used("from the start of the failed attempt to the start of the next"),
        "retry_on_timeout": _used("whether a time-out is retried too"),
        "environment_key": _used("see `environments` of the job"),
        "libraries": _used(
            "`whl` is found or reported, `pypi` is compared with what is installed; others are ignored"
        ),
        "notebook_task": _used("see below"),
        "spark_python_task": _used("see below"),
        "python_wheel_task": _used("see below"),
        "sql_task": _used("see below"),
        "condition_task": _used("see below"),
        "for_each_task": _used("see below"),
        "run_job_task": _used("see below"),
        **{kind: _workspace(reason) for kind, reason in WORKSPACE_TASKS.items()},
        "new_cluster": _used(_CLUSTER),
        "existing_cluster_id": _used(
            "as `new_cluster` if it is a cluster of the bundle; without effect otherwise"
        ),
        "job_cluster_key": _used("see `job_clusters` of the job"),
        "compute": _ignored(_MACHINES),
        "disable_auto_optimization": _ignored("a local run retries only as `max_retries` says"),
        "description": _ignored(_SHOWN),
        "health": _ignored("a local run raises no alerts"),
        "email_notifications": _ignored(_MESSAGES),
        "webhook_notifications": _ignored(_MESSAGES),
        "notification_settings": _ignored(_MESSAGES),
    },
    "ClusterSpec": {
        "spark_conf": _used(
            "settings of a session, such as `spark.sql.*`, hold for the task's session; the dry run lists the others. "
            "`spark.config` in `config/local.yaml` wins"
        ),
        "spark_env_vars": _used(
            "the task's process has them, UDFs do not: they run in the engine. `{{secrets/scope/key}}` is the variable "
            "`DBX_SECRET__SCOPE__KEY`. The dry run lists variables of the machine, such as `PYSPARK_PYTHON`, which have no effect"
        ),
        "spark_version": _ignored("`lakewright doctor` compares its libraries with those that are installed"),
        "use_ml_runtime": _ignored("as `spark_version`"),
        "init_scripts": _ignored("a local run installs nothing"),
        "docker_image": _ignored("a local run installs nothing"),
        "policy_id": _ignored("policies exist only in a workspace; what one would set is unknown"),
        "apply_policy_default_values": _ignored("as `policy_id`"),
        "data_security_mode": _ignored(
            "sessions are those of standard access mode; `--classic` gives those of dedicated"
        ),
        "single_user_name": _ignored("`run_as` of the job is the principal"),
        "cluster_log_conf": _ignored("logs are below `.lakewright/runs`"),
        **dict.fromkeys(
            (
                "autoscale",
                "autotermination_minutes",
                "aws_attributes",
                "azure_attributes",
                "cluster_name",
                "custom_tags",
                "dependency_mode",
                "driver_instance_pool_id",
                "driver_node_type_flexibility",
                "driver_node_type_id",
                "enable_elastic_disk",
                "enable_local_disk_encryption",
                "gcp_attributes",
                "instance_pool_id",
                "is_single_node",
                "kind",
                "node_type_id",
                "num_workers",
                "remote_disk_throughput",
                "runtime_engine",
                "ssh_public_keys",
                "total_initial_remote_disk_size",
                "worker_node_type_flexibility",
                "workload_type",
            ),
            _ignored(_MACHINES),
        ),
    },
    "NotebookTask": {
        "notebook_path": _used("Python and SQL notebooks of the project"),
        "base_parameters": _used("widgets; job parameters of the same name win"),
        "source": _used(_GIT),
        "warehouse_id": _ignored(_WAREHOUSE),
    },
    "SparkPythonTask": {
        "python_file": _used("a file of the project"),
        "parameters": _used("`sys.argv`; job parameters are not passed"),
        "source": _used(_GIT),
    },
    "PythonWheelTask": {
        "package_name": _used("the project's sources, else a wheel, else the installed package"),
        "entry_point": _used("an entry point of the package, else a function of it"),
        "parameters": _used("`sys.argv`; job parameters are not passed"),
        "named_parameters": _used("`--name=value`; job parameters are added, and win"),
    },
    "SqlTask": {
        "file": _used("all statements of a file of the project"),
        "parameters": _used("`:name` and `{{name}}` in the file; job parameters of the same name win"),
        "warehouse_id": _ignored(_WAREHOUSE),
        "query": _workspace("saved queries exist only in a workspace"),
        "dashboard": _workspace("dashboards exist only in a workspace"),
        "alert": _workspace("alerts exist only in a workspace"),
    },
    "ConditionTask": {
        "op": _used("`EQUAL_TO` and `NOT_EQUAL` compare text, the others numbers"),
        "left": _used("text, a number or a boolean; a list or a mapping fails the condition"),
        "right": _used("as `left`"),
    },
    "ForEachTask": {
        "inputs": _used("a JSON list, also from a task value or a parameter"),
        "task": _used("runs once for each element, with `{{input}}`"),
        "concurrency": _used("iterations at the same time; 1 by default. `--processes` limits them further"),
    },
    "RunJobTask": {
        "job_id": _used("a job of the bundle; any other job needs a workspace"),
        "job_parameters": _used("declared ones only; parameters of the calling job of the same name win"),
        **{name: _workspace(_OLD_PARAMETERS) for name in OLD_PARAMETERS},
    },
    "TaskDependency": {
        "task_key": _used("the task before"),
        "outcome": _used("`true` or `false` of a condition"),
    },
    "JobParameterDefinition": {
        "name": _used("the name"),
        "default": _used("may hold `{{job.…}}` references"),
    },
}
