"""What a dry run calls `[CONFIG]` is an error of `validate`."""

import pytest

from lakewright.bundle import Kind, all_findings, classify_task

pytestmark = pytest.mark.unit


def load(project, task, job=""):
    project.write(
        databricks=f"bundle: {{name: s}}\nresources:\n  jobs:\n    j:\n      {job}\n      tasks:\n        - {task}\n"
    )
    return project.load()


BROKEN = [
    "{task_key: t, notebook_task: {}}",
    '{task_key: t, notebook_task: {notebook_path: ""}}',
    "{task_key: t, notebook_task: {notebook_path: }}",
    "{task_key: t, notebook_task: {notebook_path: gone.py}}",
    "{task_key: t, spark_python_task: {source: WORKSPACE}}",
    '{task_key: t, spark_python_task: {python_file: ""}}',
    "{task_key: t, python_wheel_task: {package_name: p}}",
    '{task_key: t, python_wheel_task: {package_name: "", entry_point: e}}',
    '{task_key: t, python_wheel_task: {package_name: p, entry_point: ""}}',
    "{task_key: t, condition_task: {op: EQUAL_TO, left: a}}",
    "{task_key: t, condition_task: {left: a, right: b}}",
    "{task_key: t, run_job_task: {job_parameters: {a: b}}}",
    "{task_key: t, sql_task: {warehouse_id: w}}",
    '{task_key: t, sql_task: {warehouse_id: w, file: {path: ""}}}',
    "{task_key: t, for_each_task: {inputs: '[1]'}}",
    '{task_key: t, for_each_task: {inputs: "[1]", task: {task_key: i, notebook_task: {notebook_path: ""}}}}',
    "{task_key: t}",
    "{task_key: t, condition_task: {op: EQUAL_TO, left: a, right: b}, run_job_task: {job_id: 1}}",
]


FROM_GIT = "git_source: {git_url: 'https://example.org/x', git_provider: gitHub, git_branch: main}"
# Whether a file is missing from the repository that the workspace checks out is not known here.
FROM_GIT_TOO = [task for task in BROKEN if "gone.py" not in task]


@pytest.mark.parametrize(
    ("task", "job"), [*((task, "") for task in BROKEN), *((task, FROM_GIT) for task in FROM_GIT_TOO)]
)
def test_a_task_that_is_broken_for_a_dry_run_is_an_error_of_validate(project, task, job):
    bundle = load(project, task, job)
    assert classify_task(bundle, "j", bundle.jobs["j"]["tasks"][0]).kind is Kind.CONFIG
    errors = [found for found in all_findings(bundle) if found.severity == "error"]
    assert errors
    assert all(error.fix and error.location for error in errors)


def test_an_empty_path_is_reported_where_it_stands_and_once(project):
    found = all_findings(load(project, '{task_key: t, spark_python_task: {python_file: ""}}'))
    (error,) = [each for each in found if each.code == "LW304"]
    assert (error.summary, error.location.line) == ("spark_python_task has no python_file: it is empty", 7)


def test_an_operand_may_be_empty(project):
    assert not all_findings(
        load(project, '{task_key: t, condition_task: {op: EQUAL_TO, left: "", right: b}}')
    )


def test_a_field_that_a_local_run_does_not_need_stays_a_warning(project):
    (found,) = all_findings(load(project, "{task_key: t, pipeline_task: {full_refresh: true}}"))
    assert (found.code, found.severity) == ("LW304", "warning")
