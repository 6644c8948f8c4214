"""Runs of jobs: `run-now` executes the tasks at once, one after the other, so a run has ended when the call answers.

Before a task is executed, what breaks real runs is checked: its files, its wheels and their entry points, its parameters. A task is
executed by `state.runner`; where there is none, or it does not execute this kind of task, the task is SKIPPED and so is the run: it
is never reported as a success.
"""

from typing import Any

from databricks.sdk.service import jobs as types

from workspace_fake.bodies import fields_of_call
from workspace_fake.errors import denied, invalid
from workspace_fake.handlers.jobs import api_paths
from workspace_fake.handlers.permissions import can_manage
from workspace_fake.routes import Call, routes
from workspace_fake.running import TaskRun, run_tasks
from workspace_fake.state import Json

_DONE = ("SUCCESS", "SUCCESS_WITH_FAILURES")


@routes("POST", *api_paths("run-now"))
def run_now(call: Call) -> Any:
    body = call.checked(fields_of_call(types.JobsAPI.run_now))
    number = call.number("job_id")
    if number not in call.state.jobs:
        raise invalid(f"Job {number} does not exist.")
    token = body.get("idempotency_token")
    for run in call.state.runs.values():
        if token and run["idempotency_token"] == token:
            return {"run_id": run["run_id"], "number_in_job": run["number_in_job"]}
    _demand_run(call, call.state.jobs[number])
    run = start(call, number, body.get("job_parameters") or {}, token)
    return {"run_id": run["run_id"], "number_in_job": run["number_in_job"]}


def _demand_run(call: Call, job: Json) -> None:
    key = f"/jobs/{job['job_id']}"
    mine = {call.caller.name, *call.state.people.groups_of(call.caller.name)}
    may_run = any(
        acl["permission_level"] == "CAN_MANAGE_RUN" and set(acl.values()) & mine
        for acl in call.state.permissions.get(key, [])
    )
    if not may_run and not can_manage(call, key, job["creator_user_name"]):
        raise denied(
            f"{call.caller.name} does not have Manage Run or Admin or Owner permissions on job {job['job_id']}."
        )


def start(call: Call, number: int, given: Json, token: str | None) -> Json:
    """Run a job and keep the record."""
    job = call.state.jobs[number]
    settings = job["settings"]
    declared = {each["name"]: each.get("default", "") for each in settings.get("parameters", [])}
    if unknown := sorted(set(given) - set(declared)):
        raise invalid(f"Job parameters {unknown} are not defined in the job {number}")
    run: Json = {
        "run_id": call.state.number(), "job_id": number, "number_in_job": call.state.number(), "run_name": settings["name"],
        "idempotency_token": token, "start_time": call.state.now(), "creator_user_name": call.caller.name,
        "job_parameters": [{"name": k, "default": v, **({"value": given[k]} if k in given else {})} for k, v in declared.items()],
    }  # fmt: skip
    call.state.runs[run["run_id"]] = run

    def nested(inner: int, parameters: Json) -> Json:
        return start(call, inner, parameters, None)

    outcomes = run_tasks(call.state, settings, {**declared, **given}, identity_of(job), nested)
    run["tasks"] = [_shown(call, run, each) for each in outcomes]
    run["outcomes"] = {task["run_id"]: each for task, each in zip(run["tasks"], outcomes, strict=True)}
    run["state"] = _state_of_run(outcomes)
    run["end_time"] = call.state.now()
    return run


def identity_of(job: Json) -> str:
    """Return whom a job runs as."""
    return str(next(iter((job["settings"].get("run_as") or {}).values()), job["creator_user_name"]))


def _shown(call: Call, run: Json, outcome: TaskRun) -> Json:
    state = {"life_cycle_state": outcome.life_cycle, "state_message": outcome.message}
    if outcome.result:
        state["result_state"] = outcome.result
    return {
        "run_id": call.state.number(),
        "task_key": outcome.key,
        "state": state,
        "start_time": call.state.now(),
    }


def _state_of_run(outcomes: list[TaskRun]) -> Json:
    """A run succeeds only where every task was executed and succeeded."""
    failed = [each for each in outcomes if each.result not in (*_DONE, "EXCLUDED", None)]
    skipped = [each for each in outcomes if each.result is None]
    if failed:
        first = next((each for each in failed if each.result == "FAILED"), failed[0])
        message = f"Task {first.key} failed with message: {first.message}."
        return {"life_cycle_state": "TERMINATED", "result_state": "FAILED", "state_message": message}
    if skipped:
        message = f"not executed: {', '.join(each.key for each in skipped)}. {skipped[0].message}"
        return {"life_cycle_state": "SKIPPED", "state_message": message}
    return {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS", "state_message": ""}


def _run(call: Call) -> Json:
    number = call.number("run_id")
    if number not in call.state.runs:
        raise invalid(f"Run {number} does not exist.")
    return call.state.runs[number]


@routes("GET", *api_paths("runs/get"))
def get(call: Call) -> Any:
    return {k: v for k, v in _run(call).items() if k not in ("outcomes", "idempotency_token")}


@routes("GET", *api_paths("runs/list"))
def listed(call: Call) -> Any:
    job = call.query.get("job_id")
    found = [run for run in call.state.runs.values() if job in (None, str(run["job_id"]))]
    return {
        "runs": [{k: v for k, v in run.items() if k not in ("outcomes", "tasks")} for run in reversed(found)]
    }


@routes("GET", *api_paths("runs/get-output"))
def output(call: Call) -> Any:
    number = call.number("run_id")
    for run in call.state.runs.values():
        if number in run["outcomes"]:
            found: TaskRun = run["outcomes"][number]
            errors = {"error": found.message, "error_trace": found.output} if found.result == "FAILED" else {}
            return {"logs": found.output, **errors}
        if number == run["run_id"]:
            raise invalid(
                "Retrieving the output of runs with multiple tasks is not supported. Use the run_id of a task."
            )
    raise invalid(f"Run {number} does not exist.")


@routes("POST", *api_paths("runs/cancel"))
def cancel(call: Call) -> Any:
    """Every run has ended: there is nothing to cancel."""
    call.checked(fields_of_call(types.JobsAPI.cancel_run))
    _run(call)
