"""A project with the answer `python_resources`: its Python code defines and changes jobs, in each target."""

import sys
from pathlib import Path

import pytest

from lakewright.bundle import Bundle, all_findings, load_bundle, load_local_overlay
from lakewright.bundle.python_code.hosting import shared_hosts
from lakewright.scaffold import render_project

pytestmark = pytest.mark.unit

SOURCES = ("airlines", "airports", "flights", "planes", "weather")
TARGETS = ("dev", "staging", "prod")


@pytest.fixture(scope="module", params=["serverless", "job_clusters"])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    answers = {
        "python_resources": "true",
        "compute": request.param,
        "package_name": "churn_2",
        "workspace_host": "https://adb-1.azuredatabricks.net",
    }
    root = render_project(tmp_path_factory.mktemp("rendered") / "flights", answers=answers, ask=False)
    (root / ".venv").symlink_to(sys.prefix)
    return root


@pytest.fixture(scope="module")
def bundles(project: Path) -> dict[str, Bundle]:
    """The bundle for each target; with job clusters for one, since the targets differ in the same way."""
    is_serverless = "environment_version" in (project / "databricks.yml").read_text(encoding="utf-8")
    targets, policy = (TARGETS, "budget_policy_id") if is_serverless else (TARGETS[2:], "cluster_policy_id")
    with shared_hosts():
        return {
            target: load_bundle(project, target=target, variables={policy: "policy-1"}) for target in targets
        }


def test_validate_finds_nothing_in_any_target(bundles):
    for bundle in bundles.values():
        assert all_findings(bundle, configuration=True) == ()


def test_each_source_has_a_job_that_starts_with_its_files_where_no_samples_are_used(bundles):
    for target, bundle in bundles.items():
        for source in SOURCES:
            job = bundle.jobs[f"ingest_{source}"]
            trigger = job.get("trigger")
            if target == "dev":
                assert trigger is None
            else:
                assert bundle.resolved["resources"]["schemas"]["landing"]["name"] == "churn_2_landing"
                volume = (
                    "${resources.schemas.landing.name}/${resources.volumes.files.name}"  # made before the job
                )
                url = f"/Volumes/{target}_analytics/{volume}/{source}/"
                assert trigger["file_arrival"]["url"] == url
            assert job["parameters"][-1] == {"name": "source", "default": source}
            assert [each["name"] for each in job["parameters"][:2]] == ["env", "config_path"]


def test_every_job_has_cost_tags_and_a_limit_of_time(bundles):
    for target, bundle in bundles.items():
        assert len(bundle.jobs) >= len(SOURCES) + 9
        for job in bundle.jobs.values():
            compute = (
                "job_cluster"
                if job.get("job_clusters")
                else "serverless"
                if job.get("environments")
                else "none"
            )
            wanted = {"project": "churn_2", "environment": target, "compute": compute}
            assert wanted.items() <= job["tags"].items()
            assert job["timeout_seconds"] > 0


def test_what_runs_code_has_the_policy(bundles):
    for job in bundles["prod"].jobs.values():
        if job.get("environments"):
            assert job["budget_policy_id"] == "policy-1"
        for cluster in job.get("job_clusters", ()):
            assert cluster["new_cluster"]["policy_id"] == "policy-1"


def test_a_local_run_has_the_jobs_too(project, bundles):
    if "dev" not in bundles:
        return
    bundle = load_bundle(project, local=load_local_overlay(project))
    assert bundle.diagnostics == ()
    assert bundle.jobs["ingest_flights"]["parameters"][0] == {"name": "env", "default": "local"}


def test_without_the_answer_nothing_of_it_is_there(tmp_path):
    root = render_project(tmp_path / "flights", answers={}, ask=False)
    files = [path for path in root.rglob("*") if path.is_file() and path.suffix not in {".gz", ".whl"}]
    assert not [path for path in files if "databricks.bundles" in path.read_text(encoding="utf-8")]
    assert not [path for path in files if "databricks-bundles" in path.read_text(encoding="utf-8")]
    assert not list((root / "resources").glob("*.py"))


def test_the_readme_names_the_licence(project):
    assert "Databricks License" in (project / "README.md").read_text(encoding="utf-8")
    assert "databricks-bundles==1.22.1" in (project / "requirements-dev.txt").read_text(encoding="utf-8")
