"""On Databricks the code of a project never runs in environment `local`, and nothing is touched before it is refused."""

import json
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from databricks_utils.config.errors import UnknownEnvironmentError
from lakewright.bundle import load_bundle

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[4]
PROJECT = ROOT / "examples" / "flights"
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.py"))
ENTRY_POINTS = (
    "flights.features.job",
    "flights.evaluation.job",
    "flights.ingestion.test_data",
    "flights.maintenance.job",
    "flights.monitoring.quality_monitor",
    "flights.monitoring.verification",
    "flights.training.roll_back_model",
)
ON_DATABRICKS = (
    {"DATABRICKS_RUNTIME_VERSION": "17.3"},
    {"DATABRICKS_RUNTIME_VERSION": "client.4.9", "IS_SERVERLESS": "true"},
)
REFUSED = {
    None: "no environment is given, and on (a )?Databricks",
    "local": "environment `local` cannot be used on",
}


class Untouched:
    """Takes the place of `spark` and `display`: each use fails the test."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"spark.{name} was used")

    def __call__(self, *_: Any) -> Any:
        raise AssertionError("display was used")


class Widgets:
    """Widgets of a notebook that someone opens in a workspace, with the values of a job if there are any."""

    def __init__(self, **given: str) -> None:
        self.given, self.defaults = given, {}

    def text(self, name: str, default: str) -> None:
        self.defaults[name] = default

    def get(self, name: str) -> str:
        return self.given.get(name, self.defaults[name])


class Dbutils:
    """`dbutils` with widgets alone: another use fails the test."""

    def __init__(self, widgets: Widgets) -> None:
        self.widgets = widgets


@pytest.fixture(params=ON_DATABRICKS, ids=["cluster", "serverless"])
def databricks(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Path]:
    """Let this process look like one on Databricks, in an empty working directory."""
    for name in ("DBX_ENV", "DBX_CONFIG_PATH", "DATABRICKS_RUNTIME_VERSION", "IS_SERVERLESS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in request.param.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(PROJECT / "src"))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] == "flights"]:
        del sys.modules[name]


@pytest.mark.parametrize("env", REFUSED)
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_refused_before_anything_is_touched(databricks, notebook, env):
    widgets = Widgets(**({"env": env} if env else {}), config_path=str(PROJECT / "config"))
    names = {
        "spark": Untouched(),
        "display": Untouched(),
        "dbutils": Dbutils(widgets),
        "__name__": "__main__",
    }
    code = compile(notebook.read_text(encoding="utf-8"), str(notebook), "exec")
    with pytest.raises(UnknownEnvironmentError, match=REFUSED[env]):
        exec(code, names)
    assert widgets.defaults["env"] == ""
    assert list(databricks.iterdir()) == []


@pytest.mark.parametrize("env", REFUSED)
@pytest.mark.parametrize("module", ENTRY_POINTS)
def test_an_entry_point_is_refused_before_anything_is_touched(databricks, monkeypatch, module, env):
    arguments = [f"--config_path={PROJECT / 'config'}", *([f"--env={env}"] if env else [])]
    monkeypatch.setattr(sys, "argv", ["job", *arguments])
    entry = import_module(module)
    monkeypatch.setattr("databricks_utils.config.SparkSessionFactory.from_config", Untouched())
    with pytest.raises(UnknownEnvironmentError, match=REFUSED[env]):
        entry.main()
    assert list(databricks.iterdir()) == []


def test_the_entry_points_are_all_that_the_project_has():
    scripts = re.findall(r'= "([\w.]+):main"', (PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert sorted(scripts) == sorted(ENTRY_POINTS)
    assert len(NOTEBOOKS) == 5


@pytest.mark.parametrize("target", ["dev", "staging", "prod"])
def test_a_deployed_job_names_its_targets_environment_and_never_local(target):
    bundle = load_bundle(PROJECT, target=target)
    for job in bundle.jobs.values():
        given = {parameter["name"]: parameter["default"] for parameter in job["parameters"]}
        assert given["env"] == target
        tasks = [task.get("run_job_task", {}).get("job_parameters") for task in job["tasks"]]
        assert {parameters["env"] for parameters in tasks if parameters} <= {"{{job.parameters.env}}"}
    for task in (
        task for job in bundle.jobs.values() for task in job["tasks"] if "python_wheel_task" in task
    ):
        assert task["python_wheel_task"]["named_parameters"]["env"] == "{{job.parameters.env}}"
    assert not re.search(r'"local[_"]', json.dumps(bundle.resolved["resources"]))


def test_one_function_creates_catalogs_and_the_project_creates_none():
    sources = [
        *(ROOT / "packages/databricks-utils/src").rglob("*.py"),
        *PROJECT.rglob("*.py"),
        *PROJECT.rglob("*.yml"),
    ]
    creating = [
        path
        for path in sources
        if re.search(r"spark\.sql\(f?\"CREATE CATALOG", path.read_text(encoding="utf-8"))
    ]
    assert [path.name for path in creating] == ["schemas.py"]
