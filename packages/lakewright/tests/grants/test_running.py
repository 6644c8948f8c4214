"""Whom jobs and pipelines run as, and what that needs of the bundle's own objects."""

import pytest

from databricks_utils.catalog.grants import PrincipalKind
from lakewright.bundle import load_bundle
from lakewright.grants.resources import resources_of
from lakewright.grants.running import deployer_of, needs_of, runners_of

pytestmark = pytest.mark.unit

HEAD = """\
bundle: {name: s}
resources:
  schemas: {gold: {catalog_name: c, name: gold}}
  volumes: {files: {catalog_name: c, schema_name: gold, name: files}}
"""


def load(empty, *lines):
    empty.write("databricks.yml", HEAD + "".join(f"  {line}\n" for line in lines))
    return load_bundle(empty.root)


def needs(bundle):
    return [
        (need.principal, need.privilege, str(need.securable), need.because, path)
        for need, path in needs_of(bundle, resources_of(bundle))
    ]


@pytest.mark.parametrize(
    "schema", ["schema: gold", "target: gold", "schema: '${resources.schemas.gold.name}'"]
)
def test_a_pipeline_uses_the_schema_that_it_writes_to(empty, schema):
    run_as = "run_as: {service_principal_name: p}"
    bundle = load(empty, f"pipelines: {{p: {{name: p, catalog: c, {schema}, {run_as}}}}}")
    assert needs(bundle) == [
        (
            "p",
            "USE_SCHEMA",
            "schema c.gold",
            "pipeline p writes to the schema",
            "resources.pipelines.p.run_as",
        )
    ]


@pytest.mark.parametrize("place", ["catalog: c, schema: other", "catalog: c", "schema: gold", "name: q"])
def test_a_pipeline_that_writes_elsewhere_or_says_too_little_needs_nothing_of_the_bundle(empty, place):
    run_as = "run_as: {service_principal_name: p}"
    assert needs(load(empty, f"pipelines: {{p: {{{place}, {run_as}}}}}")) == []


def test_a_job_uses_the_volumes_of_the_bundle_that_its_texts_name_and_no_others(empty):
    paths = (
        "[/Volumes/c/gold/files/in, /Volumes/c/gold/others, '${resources.volumes.files.volume_path}/a', 7]"
    )
    task = f"{{task_key: a, spark_python_task: {{python_file: /Workspace/a.py, parameters: {paths}}}}}"
    bundle = load(empty, f"jobs: {{j: {{name: j, run_as: {{user_name: ana@x}}, tasks: [{task}]}}}}")
    assert needs(bundle) == [
        ("ana@x", "READ_VOLUME", "volume c.gold.files", "job j uses the volume", "resources.jobs.j.run_as")
    ]


def test_kinds_of_runners_are_those_of_run_as_and_an_application_id_is_never_a_person(empty):
    bundle = load(
        empty,
        "jobs:",
        "  a: {name: a, run_as: {user_name: ana@x}}",
        "  b: {name: b, run_as: {user_name: 0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e85}}",
        "  c: {name: c, run_as: {service_principal_name: robot}}",
        "  d: {name: d, run_as: {group_name: team}}",
        "  e: {name: e}",
    )
    assert [(runner.principal, runner.kind) for runner in runners_of(bundle)] == [
        ("ana@x", PrincipalKind.USER),
        ("0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e85", PrincipalKind.SERVICE_PRINCIPAL),
        ("robot", PrincipalKind.SERVICE_PRINCIPAL),
        ("team", PrincipalKind.GROUP),
    ]


def test_a_deployer_is_known_by_the_environment_in_development_or_not_at_all(empty, monkeypatch):
    line = "jobs: {j: {name: j, run_as: {user_name: '${workspace.current_user.userName}'}}}"
    robot = "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"
    bundle = load(empty, line)
    assert (deployer_of(bundle), [each.principal for each in runners_of(bundle)]) == (robot, [robot])
    monkeypatch.delenv("DATABRICKS_CURRENT_USER")
    monkeypatch.setenv("DATABRICKS_CLIENT_ID", "client")
    assert deployer_of(load_bundle(empty.root)) == "client"
    monkeypatch.delenv("DATABRICKS_CLIENT_ID")
    empty.git("init", "-q")
    empty.git("config", "user.email", "ana@example.com")
    guessed = load_bundle(empty.root)
    assert (deployer_of(guessed), runners_of(guessed)) == (None, ())
    empty.edit("databricks.yml", "bundle: {name: s}", "bundle: {name: s}\ntargets: {d: {mode: development}}")
    assert deployer_of(load_bundle(empty.root)) == "ana@example.com"
