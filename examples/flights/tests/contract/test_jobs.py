"""The jobs run their steps in the order of the data, and hand every parameter on."""

import ast
from pathlib import Path

import pytest
import yaml

pytestmark = [pytest.mark.contract, pytest.mark.unit]
ROOT = Path(__file__).resolve().parents[2]
BUNDLE = yaml.safe_load((ROOT / "databricks.yml").read_text())
JOBS = {
    path.name.removesuffix(".job.yml"): yaml.safe_load(path.read_text())
    for path in (ROOT / "resources").glob("*.job.yml")
}
TASKS = {
    (name, task["task_key"]): task for name, job in JOBS.items() for task in job["resources"]["jobs"][name]["tasks"]
}
STEPS = ["ingestion", "transformation", "training", "batch_scoring", "monitoring"]
COMMON = {"env", "config_path", "schema_prefix", "git_sha", "run_id"}
OWN_PARAMETERS = {
    ("test_job", "verification"): {"pipeline": "{{tasks.main_pipeline.result_state}}"},
    ("roll_back_model", "roll_back_model"): {"reason": "{{job.parameters.reason}}"},
    ("monitoring", "quality_monitor"): {"schedule": "${var.monitor_schedule}"},
}
DEEPEST = 3  # levels of jobs that run jobs; https://docs.databricks.com/aws/en/jobs/run-job


def parameters_of(job):
    declared = JOBS[job]["resources"]["jobs"][job]["parameters"]
    if declared == "${var.job_parameters}":
        declared = BUNDLE["variables"]["job_parameters"]["default"]
    return {item["name"]: item["default"] for item in declared}


@pytest.mark.parametrize("job", sorted(JOBS))
def test_the_tasks_of_a_job_run_one_after_the_other(job):
    tasks = [task for (name, _), task in TASKS.items() if name == job]
    waits = [[item["task_key"] for item in task.get("depends_on", [])] for task in tasks]
    assert waits == [[], *([task["task_key"]] for task in tasks[:-1])]


def test_the_pipeline_runs_every_step_in_the_order_of_the_data():
    called = [task["run_job_task"]["job_id"] for (job, _), task in TASKS.items() if job == "main_pipeline"]
    assert called == [f"${{resources.jobs.{step}.id}}" for step in STEPS]
    assert [key for job, key in TASKS if job == "main_pipeline"] == STEPS


def test_a_trained_model_is_judged_and_new_features_follow_new_silver():
    assert TASKS["training", "evaluation"]["run_job_task"]["job_id"] == "${resources.jobs.evaluation.id}"
    assert [key for job, key in TASKS if job == "transformation"] == ["transform_silver_gold", "features"]


@pytest.mark.parametrize("job", sorted(JOBS))
def test_every_job_has_the_common_parameters_with_the_values_of_the_bundle(job):
    given = parameters_of(job)
    own = "test_{{job.run_id}}_" if job == "test_job" else ""  # schemas of its own
    assert {name: given.get(name) for name in COMMON} == {
        "env": "${var.environment}",
        "config_path": "${var.config_path}",
        "schema_prefix": f"${{var.schema_prefix}}{own}",
        "git_sha": "${var.git_sha}",
        "run_id": "{{job.run_id}}",
    }


def test_the_common_parameters_are_handed_on_under_their_names():
    handed_on = BUNDLE["variables"]["task_parameters"]["default"]
    assert handed_on == {name: f"{{{{job.parameters.{name}}}}}" for name in COMMON}


@pytest.mark.parametrize(("job", "task"), sorted(TASKS))
def test_every_task_of_a_wheel_or_another_job_gets_the_parameters(job, task):
    kinds = {"python_wheel_task": "named_parameters", "run_job_task": "job_parameters"}
    for kind, field in kinds.items():
        if kind in TASKS[job, task]:
            own = OWN_PARAMETERS.get((job, task))
            expected = {**BUNDLE["variables"]["task_parameters"]["default"], **own} if own else "${var.task_parameters}"
            assert TASKS[job, task][kind].get(field) == expected


@pytest.mark.parametrize("job", sorted(JOBS))
def test_every_job_ends_warns_waits_and_says_who_it_is(job):
    declared = JOBS[job]["resources"]["jobs"][job]
    (rule,) = declared["health"]["rules"]
    assert (rule["metric"], rule["op"]) == ("RUN_DURATION_SECONDS", "GREATER_THAN")
    assert 0 < rule["value"] < declared["timeout_seconds"], "the warning comes before the end"
    assert declared["queue"] == {"enabled": True}
    assert declared["run_as"].startswith("${var.run_as.")
    assert declared["run_as"][len("${var.run_as.") : -1] in BUNDLE["variables"]["run_as"]["default"]
    for field in ("email_notifications", "webhook_notifications"):
        assert declared[field] == f"${{var.{field}}}"
    assert declared["permissions"] == "${var.access.jobs}"


@pytest.mark.parametrize(("job", "task"), sorted(TASKS))
def test_a_task_is_tried_again_where_it_runs_a_step_and_nowhere_else(job, task):
    is_step = job != "test_job" and "run_job_task" not in TASKS[job, task]
    retries = 0 if job == "roll_back_model" else "${var.retries}"  # a second run goes back one version more
    assert TASKS[job, task].get("max_retries") == (retries if is_step else None)
    assert TASKS[job, task].get("disable_auto_optimization", False) is is_step, "else the platform retries too"


def depth_of(job):
    called = [
        task["run_job_task"]["job_id"].split(".")[2]
        for (name, _), task in TASKS.items()
        if name == job and "run_job_task" in task
    ]
    return 1 + max(map(depth_of, called)) if called else 0


@pytest.mark.parametrize("job", sorted(JOBS))
def test_jobs_run_jobs_only_as_deep_as_databricks_allows(job):
    assert depth_of(job) <= DEEPEST


NOTEBOOKS = [
    pytest.param(job, Path(task["notebook_task"]["notebook_path"]).name, id=job)
    for (job, _), task in TASKS.items()
    if "notebook_task" in task
]


@pytest.mark.parametrize(("job", "notebook"), NOTEBOOKS)
def test_a_notebook_takes_the_parameters_of_its_job_with_the_same_defaults(job, notebook):
    tree = ast.parse((ROOT / "notebooks" / notebook).read_text())
    (call,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "notebook_context"
    ]
    taken = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    assert taken == {name: value for name, value in parameters_of(job).items() if name not in COMMON}


def test_the_schedules_of_jobs_run_in_prod_only():
    schedules = {name: job["resources"]["jobs"][name].get("schedule") for name, job in JOBS.items()}
    scheduled = {name: schedule for name, schedule in schedules.items() if schedule}
    assert sorted(scheduled) == ["main_pipeline", "maintenance"]
    assert not any("pause_status" in schedule for schedule in scheduled.values()), "the target decides"
    targets = BUNDLE["targets"].items()
    paused = {
        name: target["mode"] == "development" or target.get("presets", {}).get("trigger_pause_status") == "PAUSED"
        for name, target in targets
    }
    assert paused == {"dev": True, "staging": True, "prod": False}


@pytest.mark.parametrize("path", sorted((ROOT / "resources").glob("*.schema.yml")), ids=lambda path: path.stem)
def test_the_schema_of_a_layer_has_the_name_that_the_code_uses(path):
    layer = path.name.removesuffix(".schema.yml")
    schema = yaml.safe_load(path.read_text())["resources"]["schemas"][layer]
    assert (schema["catalog_name"], schema["name"]) == ("${var.catalog}", f"${{var.schema}}_{layer}")
