"""The table of what a local run does with each field is complete, and true of the verdicts."""

import pytest

from lakewright.bundle import Kind, classify_task
from lakewright.bundle.jobs.local_fields import FIELDS, OLD_PARAMETERS, WORKSPACE_TASKS, Use
from lakewright.bundle.schema.types import fields_of
from lakewright.runner.planning.graph import RunIf, TaskKind

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("kind", FIELDS)
def test_the_table_has_each_field_that_the_databricks_cli_knows(kind):
    assert set(FIELDS[kind]) == set(fields_of(kind))
    assert all(field.note for field in FIELDS[kind].values())


def test_each_kind_of_task_runs_here_or_has_a_reason_why_not():
    kinds = {name for name in fields_of("Task") if name.endswith("_task")}
    here = {kind.value for kind in TaskKind if kind is not TaskKind.OTHER}
    assert here | set(WORKSPACE_TASKS) == kinds
    assert {name for name in kinds if FIELDS["Task"][name].use is Use.USED} == here


def test_the_values_of_run_if_are_those_of_the_databricks_cli():
    from lakewright.bundle.schema.types import types

    assert {value.value for value in RunIf} == set(types()["RunIf"]["enum"])


@pytest.mark.parametrize("name", OLD_PARAMETERS)
def test_a_call_of_a_job_with_old_parameters_needs_a_workspace(project, name):
    call = f"{{task_key: t, run_job_task: {{job_id: '${{resources.jobs.j.id}}', {name}: {{a: b}}}}}}"
    project.write(databricks=f"bundle: {{name: s}}\nresources: {{jobs: {{j: {{tasks: [{call}]}}}}}}\n")
    bundle = project.load()
    task = dict(bundle.jobs["j"]["tasks"][0], run_job_task={"job_id": 1, name: ["a"]})
    found = classify_task(bundle, "j", task)
    assert found.kind is Kind.CLOUD
    assert f"`{name}`" in found.reason
    assert "job_parameters" in found.fix
