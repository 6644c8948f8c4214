"""Which tasks run on this machine, and why the others need a workspace."""

import json

import pytest

from lakewright.bundle import (
    Kind,
    LocalOverlay,
    OverlayError,
    classify_task,
    job_key,
    load_local_overlay,
    local_value,
)

pytestmark = pytest.mark.unit

BOTH = ("connect", "classic")
AREA = "Tasks of a job"
DOCS = "https://docs.databricks.com/aws/en/"


def in_a_workspace(task, words, *, what, reason, page):
    """A task that a run skips as `[CLOUD]`, with words of the reason that the run gives."""
    fields = {"where": BOTH, "area": AREA, "what": what, "reason": reason, "link": DOCS + page}
    mark = pytest.mark.never(**fields, instead="`[CLOUD]`: skipped with what depends on it, and named")
    return pytest.param(task, words, marks=mark)


def verdict(project, task, job="", variables="", **arguments):
    project.write(
        databricks=f"bundle: {{name: s}}\nvariables: {{{variables}}}\n"
        f"resources:\n  jobs:\n    j:\n      {job}\n      tasks:\n        - {task}\n"
    )
    bundle = project.load(**arguments)
    return classify_task(bundle, "j", bundle.jobs["j"]["tasks"][0])


def notebook(language):
    metadata = {"language_info": {"name": language}}
    return json.dumps({"nbformat": 4, "metadata": metadata, "cells": []})


@pytest.mark.parametrize(
    "task",
    [
        "{task_key: t, notebook_task: {notebook_path: n.py}}",
        "{task_key: t, notebook_task: {notebook_path: q.sql, warehouse_id: '${var.w}'}}",
        "{task_key: t, notebook_task: {notebook_path: n.ipynb}}",
        "{task_key: t, spark_python_task: {python_file: a.py}}",
        "{task_key: t, python_wheel_task: {package_name: p, entry_point: e}, libraries: [{whl: dist/*.whl}]}",
        "{task_key: t, condition_task: {op: EQUAL_TO, left: a, right: b}}",
        "{task_key: t, run_job_task: {job_id: '${resources.jobs.j.id}'}}",
        "{task_key: t, sql_task: {warehouse_id: '${var.w}', file: {path: plain.sql}}}",
        "{task_key: t, for_each_task: {inputs: '[1]', task: {task_key: i, notebook_task: {notebook_path: n.py}}}}",
    ],
)
def test_what_runs_here_is_local(project, task):
    project.notebook("n.py")
    project.file("a.py", "x = 1\n")
    project.file("q.sql", "-- Databricks notebook source\n")
    project.file("plain.sql", "select 1\n")
    project.file("n.ipynb", notebook("python"))
    project.file("pyproject.toml", "[project]\nname = 'p'\n[project.scripts]\ne = 'p.main:run'\n")
    project.file("src/p/main.py", "def run(): ...\n")
    found = verdict(project, task, variables="w: {lookup: {warehouse: x}}")
    assert (found.kind, found.location is not None) == (Kind.LOCAL, True), found


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("{task_key: t, pipeline_task: {pipeline_id: x}}", "pipelines"),
        ("{task_key: t, spark_jar_task: {main_class_name: x}}", "cluster"),
        ("{task_key: t, spark_submit_task: {parameters: [x]}}", "cluster"),
        in_a_workspace(
            "{task_key: t, dbt_task: {commands: [dbt run]}}",
            "warehouse",
            what="`dbt_task`",
            reason="dbt's adapter for Databricks speaks to a SQL warehouse",
            page="dev-tools/bundles/job-task-types",
        ),
        in_a_workspace(
            "{task_key: t, sql_task: {warehouse_id: w, query: {query_id: q}}}",
            "saved query",
            what="`sql_task` with a saved query",
            reason="the query's text is kept in the workspace; a file in the project runs here",
            page="dev-tools/bundles/job-task-types",
        ),
        in_a_workspace(
            "{task_key: t, dashboard_task: {dashboard_id: d}}",
            "dashboards",
            what="`dashboard_task`",
            reason="dashboards exist only in a workspace",
            page="dev-tools/bundles/job-task-types",
        ),
        in_a_workspace(
            "{task_key: t, alert_task: {alert_id: a}}",
            "alerts",
            what="`alert_task`",
            reason="alerts exist only in a workspace",
            page="dev-tools/bundles/job-task-types",
        ),
        in_a_workspace(
            "{task_key: t, notebook_task: {notebook_path: s.scala}}",
            "Scala notebooks",
            what="notebooks in Scala",
            reason="a task here is one Python process; there is no Scala beside it",
            page="notebooks/notebooks-code",
        ),
        in_a_workspace(
            "{task_key: t, notebook_task: {notebook_path: r.ipynb}}",
            "R notebooks",
            what="notebooks in R",
            reason="a task here is one Python process; there is no R beside it",
            page="notebooks/notebooks-code",
        ),
        in_a_workspace(
            "{task_key: t, notebook_task: {notebook_path: /Workspace/Shared/x}}",
            "lives in the workspace",
            what="notebooks and files of the workspace",
            reason="a local run contacts no workspace; keep them in the project",
            page="files/workspace",
        ),
        in_a_workspace(
            "{task_key: t, spark_python_task: {python_file: 'dbfs:/x.py'}}",
            "outside of the project",
            what="scripts on DBFS or in cloud storage",
            reason="a local run contacts no workspace; keep them in the project",
            page="dbfs/",
        ),
        in_a_workspace(
            "{task_key: t, condition_task: {op: EQUAL_TO, left: '{{backfill.iso_date}}', right: x}}",
            "a local run is not a backfill",
            what="`{{backfill.…}}`",
            reason="a local run is not a backfill; give a job parameter the value, with `--param`",
            page="jobs/backfill-jobs",
        ),
        in_a_workspace(
            "{task_key: t, condition_task: {op: EQUAL_TO, left: '{{job.trigger.table_update.updated_tables}}', right: x}}",
            "no table update starts a local run",
            what="`{{job.trigger.table_update.…}}`",
            reason="a local run starts when you start it; give a job parameter the value, with `--param`",
            page="jobs/trigger-table-update",
        ),
        in_a_workspace(
            "{task_key: t, run_job_task: {job_id: '${resources.jobs.j.id}', notebook_params: {a: b}}}",
            "`notebook_params`",
            what="`notebook_params` and the other old parameters of `run_job_task`",
            reason="they are from before job parameters; use `job_parameters`",
            page="jobs/run-job",
        ),
        in_a_workspace(
            "{task_key: t, run_job_task: {job_id: 42}}",
            "job 42 exists only in a workspace",
            what="`run_job_task` with the id of a job outside of the bundle",
            reason="a local run contacts no workspace; jobs of the bundle run, named by `${resources.jobs.….id}`",
            page="dev-tools/bundles/job-task-types",
        ),
        (
            "{task_key: t, python_wheel_task: {package_name: p, entry_point: e}, libraries: [{whl: /Volumes/a/p.whl}]}",
            "its wheel",
        ),
        (
            "{task_key: t, notebook_task: {notebook_path: n.py, base_parameters: {w: '${var.w}'}}}",
            "${var.w} is known only",
        ),
        (
            "{task_key: t, notebook_task: {notebook_path: n.py, base_parameters: {w: '${resources.jobs.j.id}'}}}",
            "known only",
        ),
        (
            "{task_key: t, notebook_task: {notebook_path: n.py, base_parameters: {w: '{{tasks.q.output.alert_state}}'}}}",
            "alerts run only in a workspace",
        ),
        (
            "{task_key: t, condition_task: {op: EQUAL_TO, left: '{{job.trigger.table_update.a.b.c.version}}', right: '1'}}",
            "no table update starts a local run",
        ),
        (
            "{task_key: t, for_each_task: {inputs: '{{backfill.year}}', task: {task_key: i, notebook_task: {notebook_path: n.py}}}}",
            "`{{backfill.year}}` has no value here",
        ),
        (
            "{task_key: t, for_each_task: {inputs: '[1]', task: {task_key: i, dbt_task: {commands: [x]}}}}",
            "for each: dbt_task",
        ),
    ],
)
def test_what_needs_a_workspace_is_cloud_and_says_why(project, task, reason):
    project.notebook("n.py")
    project.file("s.scala", "// Databricks notebook source\n")
    project.file("r.ipynb", notebook("R"))
    found = verdict(
        project,
        task,
        variables="w: {lookup: {warehouse: x}}",
        job="tags: {a: b}",
    )
    assert found.kind is Kind.CLOUD
    assert reason in found.reason
    assert found.location.line == 8


def test_a_kind_of_task_that_is_not_known_yet_is_cloud(project):
    project.write(databricks="bundle: {name: s}\nresources: {jobs: {j: {name: x}}}\n")
    bundle = project.load()
    assert classify_task(bundle, "j", {"task_key": "t", "quantum_task": {}}).kind is Kind.CLOUD


@pytest.mark.parametrize(
    "task",
    [
        pytest.param(
            "pipeline_task: {pipeline_id: x}",
            marks=pytest.mark.ours(
                where=BOTH,
                area=AREA,
                what="`pipeline_task`",
                fails="pipelines run in a workspace",
                instead="`[CLOUD]`: skipped with what depends on it, and named",
                reason="Spark 4.2 runs declarative pipelines, without expectations; the runner does not start them yet",
                link=DOCS + "dev-tools/bundles/job-task-types",
            ),
        ),
        pytest.param(
            "spark_jar_task: {main_class_name: x}",
            marks=pytest.mark.ours(
                where=BOTH,
                area=AREA,
                what="`spark_jar_task`",
                fails="JAR tasks need a cluster",
                instead="`[CLOUD]`: skipped with what depends on it, and named",
                reason="the engine has a JVM; the runner starts no code of others in it yet",
                link=DOCS + "dev-tools/bundles/job-task-types",
            ),
        ),
    ],
)
def test_a_task_that_this_machine_could_run_is_local(project, task):
    assert verdict(project, f"{{task_key: t, {task}}}").kind is Kind.LOCAL


@pytest.mark.never(
    where=BOTH,
    area=AREA,
    what="`git_source`",
    instead="`[CLOUD]`: skipped with what depends on it, and named",
    reason="the workspace checks the code out; a local run takes what is in the project",
    link=DOCS + "dev-tools/bundles/job-task-types",
)
def test_code_from_git_is_cloud(project):
    job = "git_source: {git_url: u, git_provider: gitHub, git_branch: m}"
    found = verdict(project, "{task_key: t, notebook_task: {notebook_path: a/b}}", job=job)
    assert (found.kind, found.location.line) == (Kind.CLOUD, 6)


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("{task_key: t}", "nothing to run"),
        ("{task_key: t, dbt_task: {commands: [x]}, pipeline_task: {pipeline_id: x}}", "more than one kind"),
        ("{task_key: t, notebook_task: {notebook_path: gone.py}}", "not found"),
        ("{task_key: t, notebook_task: {source: WORKSPACE}}", "no notebook_path"),
        ("{task_key: t, python_wheel_task: {package_name: p}}", "no entry_point"),
        ("{task_key: t, condition_task: {op: EQUAL_TO, left: a}}", "no right"),
        ("{task_key: t, for_each_task: {inputs: '[1]'}}", "no task"),
        ("{task_key: t, sql_task: {warehouse_id: x}}", "nothing to run"),
        (
            "{task_key: t, notebook_task: {notebook_path: n.py, base_parameters: {a: '${var.nope}'}}}",
            "does not exist",
        ),
    ],
)
def test_what_is_broken_is_config_and_says_where(project, task, reason):
    project.notebook("n.py")
    found = verdict(project, task)
    assert found.kind is Kind.CONFIG
    assert reason in found.reason
    assert found.location.line == 8


def test_a_parameter_with_another_environments_catalog_is_config_in_a_local_run_only(project):
    project.notebook("n.py")
    project.file("config/prod.yaml", "catalog: {name: prod_analytics}\n")
    task = "{task_key: t, notebook_task: {notebook_path: n.py, base_parameters: {table: prod_analytics.x.y}}}"
    found = verdict(project, task, local=LocalOverlay())
    assert found.kind is Kind.CONFIG
    assert "`prod_analytics`" in found.reason
    assert "bundle_variables" in found.fix
    assert verdict(project, task).kind is Kind.LOCAL


def test_a_catalog_of_an_environment_that_the_local_one_uses_may_be_named(project):
    project.notebook("n.py")
    project.file("config/prod.yaml", "catalog: {name: prod_analytics}\n")
    project.file("config/local.yaml", "catalog: {name: local_analytics, uses_environments: [prod]}\n")
    task = "{task_key: t, notebook_task: {notebook_path: n.py, base_parameters: {table: prod_analytics.x.y}}}"
    assert verdict(project, task, local=LocalOverlay()).kind is Kind.LOCAL


def test_names_of_resources_are_known_without_a_workspace(project):
    project.write(
        databricks="""
        bundle: {name: s}
        variables: {c: {default: main}}
        resources:
          schemas: {s: {name: raw, catalog_name: "${var.c}"}}
          registered_models: {m: {name: delay, catalog_name: main, schema_name: "${resources.schemas.s.name}"}}
          jobs: {j: {name: x}}
        """
    )
    bundle = project.load()
    assert local_value(bundle, "${resources.schemas.s.id}/${resources.schemas.s.name}") == "main.raw/raw"
    assert local_value(bundle, "${resources.registered_models.m.full_name}") == "main.raw.delay"
    assert local_value(bundle, "${resources.jobs.j.id}") == "${resources.jobs.j.id}"
    assert job_key(bundle, "${resources.jobs.j.id}") == "j"
    assert job_key(bundle, 42) is None


def test_the_local_overlay_is_read_from_the_projects_configuration(project):
    assert load_local_overlay(project.root) == LocalOverlay()
    file = project.file("config/local.yaml", "bundle_variables: {catalog: local_analytics, n: 2}\n")
    overlay = load_local_overlay(project.root)
    assert (overlay.variables, overlay.environment, overlay.source) == (
        {"catalog": "local_analytics", "n": 2},
        "local",
        file,
    )


@pytest.mark.parametrize("text", ["bundle_variables: [a]\n", "a: [\n"])
def test_an_overlay_that_cannot_be_used_is_an_error(project, text):
    project.file("config/local.yaml", text)
    with pytest.raises(OverlayError):
        load_local_overlay(project.root)


def test_the_overlay_reads_the_files_of_local_as_the_configuration_does(project, monkeypatch):
    monkeypatch.setenv("OWN_CATALOG", "local_mine")
    project.file("config/defaults.yaml", "bundle_variables: {a: defaults, b: defaults, c: defaults}\n")
    project.file(
        "config/local.yaml", "bundle_variables:\n  b: local\n  c: local\n  country: NO\n  day: 2013-01-01\n"
    )
    project.file(
        "config/local.local.yaml", 'bundle_variables: {c: "${OWN_CATALOG}", who: "${bundle.target}"}\n'
    )
    assert load_local_overlay(project.root).variables == {
        "a": "defaults",
        "b": "local",
        "c": "local_mine",
        "country": "NO",
        "day": "2013-01-01",
        "who": "${bundle.target}",
    }


def test_other_sections_of_the_configuration_are_not_validated_for_the_overlay(project):
    project.file("config/local.yaml", "host: somewhere\nbundle_variables: {n: 1}\n")
    assert load_local_overlay(project.root).variables == {"n": 1}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nbundle_variables: [a]\n", "local.yaml:2"),
        ("a: 1\nbundle_variables:\n  n: 1\n  n: 2\n", "local.yaml:4"),
        ("bundle_variables:\n  n: ${NOT_SET_ANYWHERE}\n", "local.yaml:2"),
    ],
)
def test_an_error_in_the_overlay_names_file_and_line(project, text, place):
    project.file("config/local.yaml", text)
    with pytest.raises(OverlayError) as caught:
        load_local_overlay(project.root)
    assert caught.value.location.endswith(place)
    assert caught.value.fix


def test_a_variable_of_the_overlay_that_the_bundle_lacks_is_reported_with_its_line(project):
    project.write(databricks="bundle: {name: x}\ntargets: {dev: {default: true}}\n")
    project.file("config/local.yaml", "bundle_variables:\n  nobody: 1\n")
    bundle = project.load(local=load_local_overlay(project.root))
    [found] = [
        finding for finding in bundle.diagnostics if "`bundle_variables` sets nobody" in finding.summary
    ]
    assert str(found.location).endswith("config/local.yaml:2:1")


def test_an_entry_point_that_the_project_leaves_to_workspaces_holds_up_nothing(project):
    task = (
        "{task_key: t, python_wheel_task: {package_name: p, entry_point: %s}, libraries: [{whl: dist/*.whl}]}"
    )
    project.file(
        "pyproject.toml",
        "[project]\nname = 'p'\n[project.scripts]\ne = 'p.main:run'\nf = 'p.main:run'\n"
        "[tool.lakewright]\nworkspace_tasks = ['f', 'g']\n",
    )
    project.file("src/p/main.py", "def run(): ...\n")
    left_out = verdict(project, task % "f")
    assert (left_out.kind, left_out.left_out) == (Kind.CLOUD, True)
    assert "workspace_tasks" in left_out.reason
    assert verdict(project, task % "e").kind is Kind.LOCAL
    assert verdict(project, task % "g").kind is Kind.CONFIG, "an entry point that does not exist is a mistake"
