"""Jobs: create, reset, read, list, delete. What a job runs as, on and with is compared with what is there."""

import copy
from typing import Any

from databricks.sdk.service import jobs as types

from workspace_fake.bodies import fields_of_call
from workspace_fake.errors import denied, invalid
from workspace_fake.handlers.permissions import can_manage, demand_manage_object
from workspace_fake.routes import Call, routes
from workspace_fake.state import Json

_APIS = ("/api/2.1/jobs", "/api/2.2/jobs")
_TASKS_OF_A_PAGE = 100
_MOST_TASKS = 1000


def api_paths(last: str) -> tuple[str, ...]:
    return tuple(f"{api}/{last}" for api in _APIS)


def _job(call: Call) -> Json:
    """Return a job; the API refuses an unknown one with 400, which the SDK turns into `ResourceDoesNotExist`."""
    number = call.number("job_id")
    if number not in call.state.jobs:
        raise invalid(f"Job {number} does not exist.")
    return call.state.jobs[number]


@routes("POST", *api_paths("create"))
def create(call: Call) -> Any:
    body = call.checked(fields_of_call(types.JobsAPI.create))
    listed = body.pop("access_control_list", None)
    if not body.get("name"):
        body["name"] = "Untitled"
    check_settings(call, body)
    number = call.state.number()
    call.state.jobs[number] = {
        "job_id": number,
        "creator_user_name": call.caller.name,
        "created_time": call.state.now(),
        "settings": stored(body),
    }
    call.state.permissions[f"/jobs/{number}"] = listed or [
        {
            "user_name" if call.caller.is_user else "service_principal_name": call.caller.name,
            "permission_level": "IS_OWNER",
        }
    ]
    return {"job_id": number}


@routes("POST", *api_paths("reset"))
def reset(call: Call) -> Any:
    body = call.checked(fields_of_call(types.JobsAPI.reset))
    job = _job(call)
    demand_manage_object(call, f"/jobs/{job['job_id']}", job["creator_user_name"], f"job {job['job_id']}")
    settings = body["new_settings"]
    if not settings.get("run_as") and job["settings"].get("run_as"):
        settings["run_as"] = job["settings"]["run_as"]  # leaving it out does not clear it
    check_settings(call, settings)
    job["settings"] = stored(settings)


@routes("GET", *api_paths("get"))
def get(call: Call) -> Any:
    job = copy.deepcopy(_job(call))
    if not can_manage(call, f"/jobs/{job['job_id']}", job["creator_user_name"]) and not _may_view(call, job):
        raise denied(
            f"{call.caller.name} does not have View or Admin or Owner or Manage Run permissions on job {job['job_id']}."
        )
    settings = job["settings"]
    run_as = settings.get("run_as") or {}
    job["run_as_user_name"] = next(iter(run_as.values()), job["creator_user_name"])
    start = int(call.query.get("page_token") or 0)
    tasks = settings.get("tasks", [])
    if len(tasks) > _TASKS_OF_A_PAGE:
        settings["tasks"] = tasks[start : start + _TASKS_OF_A_PAGE]
        if start + _TASKS_OF_A_PAGE < len(tasks):
            job |= {"has_more": True, "next_page_token": str(start + _TASKS_OF_A_PAGE)}
        if start:
            for name in ("job_clusters", "environments", "parameters"):
                settings.pop(name, None)
    return job


def _may_view(call: Call, job: Json) -> bool:
    mine = {call.caller.name, *call.state.people.groups_of(call.caller.name)}
    listed = call.state.permissions.get(f"/jobs/{job['job_id']}", [])
    return any({v for k, v in acl.items() if k != "permission_level"} & mine for acl in listed)


@routes("GET", *api_paths("list"))
def listed(call: Call) -> Any:
    name = call.query.get("name", "").lower()
    found = [
        {k: v for k, v in job.items() if k != "settings"}
        | {"settings": {k: v for k, v in job["settings"].items() if k not in ("tasks", "environments")}}
        for job in call.state.jobs.values()
        if not name or job["settings"]["name"].lower() == name
    ]
    start, count = int(call.query.get("page_token") or 0), int(call.query.get("limit") or 20)
    page: dict[str, Any] = {"jobs": found[start : start + count], "has_more": start + count < len(found)}
    return page | ({"next_page_token": str(start + count)} if page["has_more"] else {})


@routes("POST", *api_paths("delete"))
def delete(call: Call) -> Any:
    call.checked(fields_of_call(types.JobsAPI.delete))
    job = _job(call)
    demand_manage_object(call, f"/jobs/{job['job_id']}", job["creator_user_name"], f"job {job['job_id']}")
    del call.state.jobs[job["job_id"]]
    call.state.permissions.pop(f"/jobs/{job['job_id']}", None)


def stored(settings: Json) -> Json:
    """Return settings with the defaults that the API adds."""
    settings = copy.deepcopy(settings)
    settings.setdefault("email_notifications", {})
    settings.setdefault("webhook_notifications", {})
    settings.setdefault("timeout_seconds", 0)
    settings.setdefault("max_concurrent_runs", 1)
    settings["format"] = "MULTI_TASK"
    for task in settings.get("tasks", []):
        task.setdefault("run_if", "ALL_SUCCESS")
        task.setdefault("timeout_seconds", 0)
        task.setdefault("email_notifications", {})
        if "depends_on" in task:
            task["depends_on"].sort(key=lambda each: each["task_key"])
        for name in ("notebook_task", "spark_python_task", "dbt_task"):
            if name in task and "git_source" not in settings:
                task[name].setdefault("source", "WORKSPACE")
    return settings


def check_settings(call: Call, settings: Json) -> None:
    """Refuse settings that the Jobs API refuses."""
    check_run_as(call, settings.get("run_as") or {})
    tasks = settings.get("tasks", [])
    if len(tasks) > _MOST_TASKS:
        raise invalid(f"The job has {len(tasks)} tasks, which exceeds the limit of {_MOST_TASKS}")
    keys = [task["task_key"] for task in tasks]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise invalid(f"Task key {sorted(twice)[0]} is used by more than one task")
    for task in tasks:
        _check_task(call, settings, task, set(keys))
    _check_cycles({task["task_key"]: {d["task_key"] for d in task.get("depends_on", [])} for task in tasks})
    _check_schedule(settings)


def check_run_as(call: Call, run_as: Json) -> None:
    people, me = call.state.people, call.caller
    if len(run_as) > 1:
        raise invalid("Only one of user_name, service_principal_name and group_name may be given in run_as")
    user, principal = run_as.get("user_name"), run_as.get("service_principal_name")
    if user is not None:
        if user not in people.principals or not people.principals[user].is_user:
            raise invalid(f"The user {user} of run_as does not exist in the workspace")
        if user != me.name and not people.is_admin(me.name):
            raise denied(
                f"User {me.name} cannot set run_as to {user}: only a workspace admin sets it to another user"
            )
    if principal is not None:
        if principal not in people.principals or people.principals[principal].is_user:
            raise invalid(f"The service principal {principal} of run_as does not exist in the workspace")
        mine = {me.name, *people.groups_of(me.name)}
        if principal != me.name and not people.users_of.get(principal, set()) & mine:
            raise denied(
                f"User {me.name} does not have the role servicePrincipal.user on service principal {principal}"
            )


def _check_task(call: Call, settings: Json, task: Json, keys: set[str]) -> None:
    key = task["task_key"]
    kinds = [name for name in task if name.endswith("_task")]
    if len(kinds) != 1:
        raise invalid(f"Task {key} must have exactly one kind of task, found {sorted(kinds) or 'none'}")
    for needed in task.get("depends_on", []):
        if needed["task_key"] not in keys:
            raise invalid(f"Task {key} depends on task {needed['task_key']}, which the job does not have")
    environments = {each["environment_key"] for each in settings.get("environments", [])}
    if task.get("environment_key", None) is not None and task["environment_key"] not in environments:
        raise invalid(f"Environment key {task['environment_key']} of task {key} is not defined in the job")
    clusters = {each["job_cluster_key"] for each in settings.get("job_clusters", [])}
    if task.get("job_cluster_key") is not None and task["job_cluster_key"] not in clusters:
        raise invalid(f"Job cluster key {task['job_cluster_key']} of task {key} is not defined in the job")
    nested = (task.get("run_job_task") or {}).get("job_id")
    if nested is not None and int(nested) not in call.state.jobs:
        raise invalid(f"Job {nested} of task {key} does not exist")
    policy = _cluster(settings, task).get("policy_id")
    if policy is not None and policy not in call.state.policies:
        raise invalid(f"Cluster policy {policy} does not exist")
    pipeline = (task.get("pipeline_task") or {}).get("pipeline_id")
    if pipeline is not None and pipeline not in call.state.pipelines:
        raise invalid(f"Pipeline {pipeline} of task {key} does not exist")
    if (task.get("for_each_task") or {}).get("task"):
        _check_task(call, settings, task["for_each_task"]["task"], keys)


def _cluster(settings: Json, task: Json) -> Json:
    for each in settings.get("job_clusters", []):
        if each["job_cluster_key"] == task.get("job_cluster_key"):
            return each.get("new_cluster") or {}
    return task.get("new_cluster") or {}


def _check_cycles(needed: dict[str, set[str]]) -> None:
    left = dict(needed)
    while ready := [key for key, keys in left.items() if not keys & left.keys()]:
        for key in ready:
            del left[key]
    if left:
        raise invalid(f"The tasks {sorted(left)} depend on each other in a circle")


def _check_schedule(settings: Json) -> None:
    schedule = settings.get("schedule")
    if schedule and len(str(schedule.get("quartz_cron_expression", "")).split()) not in (6, 7):
        raise invalid(f"Invalid cron expression: {schedule.get('quartz_cron_expression')}")
