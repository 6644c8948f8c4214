"""The bundle, the configuration and the code use the same names."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from databricks_utils.config import ConfigLoader

from flights.settings import FlightsSettings

pytestmark = [pytest.mark.contract, pytest.mark.unit]
ROOT = Path(__file__).resolve().parents[2]
BUNDLE = yaml.safe_load((ROOT / "databricks.yml").read_text())
JOBS = {
    path.name.removesuffix(".job.yml"): yaml.safe_load(path.read_text())
    for path in (ROOT / "resources").glob("*.job.yml")
}
ENVIRONMENTS = ("local", "lab", "dev", "staging", "prod")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_environment_loads(environment):
    config = ConfigLoader.load(environment, ROOT / "config")
    assert config.extra_as(FlightsSettings).gate.minimum_roc_auc >= 0.5


@pytest.mark.parametrize("target", sorted(BUNDLE["targets"]))
def test_a_targets_catalog_is_that_of_its_configuration(target):
    config = ConfigLoader.load(target, ROOT / "config")
    assert BUNDLE["targets"][target]["variables"]["catalog"] == config.catalog.name
    assert BUNDLE["variables"]["schema"]["default"] == config.catalog.schema_


@pytest.mark.parametrize("job", sorted(JOBS))
def test_each_job_file_holds_one_job_with_the_files_name(job):
    assert list(JOBS[job]["resources"]["jobs"]) == [job]


def test_every_wheel_task_names_an_existing_entry_point():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    tasks = [task for name, job in JOBS.items() for task in job["resources"]["jobs"][name]["tasks"]]
    wanted = {task["python_wheel_task"]["entry_point"] for task in tasks if "python_wheel_task" in task}
    assert wanted == set(scripts)
    for target in scripts.values():
        module, function = target.split(":")
        assert callable(getattr(import_module(module), function))
