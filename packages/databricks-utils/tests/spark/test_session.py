"""Which session the factory makes, and where; each case runs in a process with the distributions that it needs."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import databricks_utils
from databricks_utils.testing import example_config_folder

pytestmark = pytest.mark.unit

SOURCE = Path(databricks_utils.__file__).parents[1]
BASE = (
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_extensions",
    "typing_inspection",
    "yaml",
    "_yaml",
)

PROGRAM = """
import json, sys, warnings
from databricks_utils.config import SparkSessionFactory
from databricks_utils.errors import DiagnosedError
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    try:
        session = SparkSessionFactory.create({env!r}, {config!r})
        result = {{"session": session.made_by, "conf": session.conf.values}}
    except DiagnosedError as error:
        result = {{"error": type(error).__name__, "builtins": isinstance(error, (ImportError, RuntimeError)), "text": str(error)}}
result["warnings"] = [str(item.message) for item in caught]
print(json.dumps(result))
"""

# The part of a Spark client that the factory touches: a `conf` which refuses what serverless compute refuses.
CLIENT = """
from pyspark.errors import PySparkException

class Conf:
    def __init__(self):
        self.values = {"spark.executor.memory": "8g"}
    def set(self, key, value):
        if not key.startswith("spark.sql."):
            raise PySparkException(f"[CONFIG_NOT_AVAILABLE] Configuration {key} is not available.\\nmore")
        self.values[key] = value
    def get(self, key):
        if key not in self.values:
            raise PySparkException(f"[CONFIG_NOT_AVAILABLE] Configuration {key} is not available.")
        return self.values[key]

class Session:
    made_by = __name__
    conf = Conf()

class Builder:
    def getOrCreate(self):
        return Session()
"""


@pytest.fixture
def site(tmp_path):
    """A site folder that holds what the base wheel needs and nothing else; tests put more distributions into it."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "databricks_utils").symlink_to(SOURCE / "databricks_utils")
    for name in BASE:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        origin = Path(spec.origin)
        target = origin.parent if origin.name.startswith("__init__") else origin
        (folder / target.name).symlink_to(target)
    return folder


def install(site, name, version, entry_points="", **modules):
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(entry_points)
    for module, text in modules.items():
        file = site / (module.replace("__", "/") + ".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def install_databricks_connect(site, builder=""):
    install(
        site,
        "databricks-connect",
        "16.4.2",
        pyspark__errors="class PySparkException(Exception): pass\n",
        pyspark__sql=CLIENT + "class SparkSession(Session):\n    builder = Builder()\n",
        databricks__connect=CLIENT + builder + "class DatabricksSession:\n    builder = Builder()\n",
    )


def create(site, env, config=None, **environ):
    program = PROGRAM.format(env=env, config=str(config or example_config_folder()))
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME"}}
    result = subprocess.run(
        [sys.executable, "-S", "-W", "ignore", "-c", program],
        env={**kept, "PYTHONPATH": str(site), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=site,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_local_without_the_engine_says_how_to_install_it(site):
    install(site, "pyspark", "4.2.0")
    result = create(site, "local")
    assert result["error"] == "MissingPackageError"
    assert "fix: pip install -r requirements-dev.txt " in result["text"]


def test_local_without_any_spark_says_how_to_install_it(site):
    result = create(site, "local")
    assert "needs pyspark, which is not installed" in result["text"]
    assert "fix: pip install -r requirements-dev.txt " in result["text"]


def test_local_with_databricks_connect_alone_names_what_is_installed(site):
    install_databricks_connect(site)
    assert "databricks-connect 16.4.2, which works only with a workspace" in create(site, "local")["text"]


def test_local_finds_the_engine_by_its_entry_point_and_names_the_projects_folder(site):
    install_databricks_connect(site)
    (site / "databricks_connect-16.4.2.dist-info").rename(site / "unrelated-1.dist-info")
    (site / "unrelated-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: unrelated\nVersion: 1\n"
    )
    engine = CLIENT + (
        "def create(config, *, project):\n    session = Session()\n"
        "    session.made_by = f'{config.environment} in {project}'\n    return session\n"
    )
    install(site, "pyspark", "4.2.0")
    install(
        site, "an-engine", "1.0", "[databricks_utils.engines]\nlocal = an_engine:create\n", an_engine=engine
    )
    result = create(site, "local")
    assert result["session"] == f"local in {example_config_folder().parent}"
    assert result["conf"]["spark.sql.session.timeZone"] == "UTC"


def test_two_engines_are_refused(site):
    install(site, "pyspark", "4.2.0")
    install(site, "one", "1.0", "[databricks_utils.engines]\nlocal = one:create\n")
    install(site, "two", "1.0", "[databricks_utils.engines]\nlocal = two:create\n")
    assert "2 engines are installed for `local`: one:create, two:create" in create(site, "local")["text"]


def test_an_engine_that_cannot_be_imported_is_named(site):
    install(site, "pyspark", "4.2.0")
    install(site, "one", "1.0", "[databricks_utils.engines]\nlocal = one:create\n", one="import not_there\n")
    assert "one:create cannot be imported: No module named 'not_there'" in create(site, "local")["text"]


@pytest.mark.parametrize("spark", ["pyspark", "pyspark-client"])
@pytest.mark.parametrize("env", ["local", "dev"])
def test_pyspark_and_databricks_connect_together_are_refused(site, spark, env):
    install(site, spark, "4.2.0")
    install_databricks_connect(site)
    result = create(site, env)
    assert result["error"] == "ConflictingPackagesError"
    assert f"{spark} 4.2.0 and databricks-connect 16.4.2 are installed together" in result["text"]
    assert f"pip uninstall -y {spark} databricks-connect" in result["text"]


def test_a_workspace_without_databricks_connect_says_how_to_install_it(site):
    install(site, "pyspark", "4.2.0")
    result = create(site, "dev")
    assert "databricks-connect is not installed here" in result["text"]
    assert 'SparkSessionFactory.create("local")' in result["text"]


def test_a_laptop_reaches_the_workspace_by_databricks_connect(site):
    install_databricks_connect(site)
    assert create(site, "dev")["session"] == "databricks.connect"


def test_a_login_that_fails_says_how_to_log_in(site):
    failing = "class Builder:\n    def getOrCreate(self):\n        raise ValueError('cannot configure default credentials')\n"
    install_databricks_connect(site, failing)
    result = create(site, "prod")
    assert "cannot configure default credentials" in result["text"]
    assert "fix: databricks auth login" in result["text"]


@pytest.mark.parametrize(
    ("environ", "where"),
    [
        ({"DATABRICKS_RUNTIME_VERSION": "15.4"}, "a Databricks cluster"),
        (
            {"DATABRICKS_RUNTIME_VERSION": "client.2", "IS_SERVERLESS": "TRUE"},
            "Databricks serverless compute",
        ),
    ],
)
def test_on_databricks_the_running_session_is_used_and_refused_settings_are_named_once(
    site, tmp_path, environ, where
):
    install_databricks_connect(site)
    install(site, "pyspark", "3.5.0")  # both are there on Databricks, as its runtime wants it
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "dev.yaml").write_text(
        "catalog: {name: dev_analytics, schema: flights}\n"
        "spark:\n  master: local[*]\n  config:\n    spark.sql.shuffle.partitions: 8\n"
        "    spark.executor.cores: 4\n    spark.executor.memory: 8g\n"
    )
    result = create(site, "dev", tmp_path / "config", **environ)
    assert result["session"] == "pyspark.sql"
    assert result["conf"]["spark.sql.shuffle.partitions"] == "8"
    [warning] = result["warnings"]
    assert f"{where} refused 2 of 4 settings" in warning
    assert (
        "spark.executor.cores: [CONFIG_NOT_AVAILABLE] Configuration spark.executor.cores is not available.\n"
        in warning
    )
    assert "spark.master" in warning
    assert "spark.executor.memory" not in warning


def test_on_databricks_the_local_environment_is_refused(site):
    result = create(site, "local", DATABRICKS_RUNTIME_VERSION="15.4")
    assert "environment `local` cannot be used on a Databricks cluster" in result["text"]
    assert "DBX_ENV" in result["text"]


def test_every_error_is_the_fitting_builtin_too(site):
    assert create(site, "dev")["builtins"]
