"""The fixtures as a project sees them: its own pytest run, in its own process and folder."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CONFIG = {
    "defaults": "project: trips\ncatalog: {schema: trips}\n",
    "local": "catalog: {name: local_company}\n",
    "local.local": "catalog: {schema: of_one_developer}\n",
}


# A session that does nothing; what follows is checked when the run ends.
WITHOUT_SPARK = """
import pytest
stops = []
@pytest.fixture(scope='session', autouse=True)
def without_spark():
    with pytest.MonkeyPatch.context() as patch:
        session = type('Session', (), {'stop': lambda _: None})()
        patch.setattr('databricks_utils.catalog.CatalogHelper.ensure_schemas', lambda *_: None)
        patch.setattr('databricks_utils.spark.SparkSessionFactory.create', lambda *_: session)
        patch.setattr('databricks_utils.spark.local_engine.stop_local', stops.append)
        yield"""


def run_pytest(folder, test, *arguments, ini=""):
    (folder / "test_it.py").write_text(test)
    (folder / "pytest.ini").write_text(f"[pytest]\n{ini}")
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "DBX_CATALOG"))}
    return subprocess.run(
        # Hypothesis is not used, and takes half of the start.
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", *arguments],
        cwd=folder, env=environ, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


def write_config(folder):
    folder.mkdir()
    for name, text in CONFIG.items():
        (folder / f"{name}.yaml").write_text(text)


@pytest.mark.unit
def test_the_projects_own_configuration_is_used_from_a_folder_of_its_own(tmp_path):
    write_config(tmp_path / "config")
    test = (
        "def test_it(config, pytestconfig):\n"
        "    assert (config.catalog.name, config.catalog.schema_) == ('local_company', 'trips')\n"
        "    assert str(pytestconfig.rootpath) not in config.storage.volume_root + config.mlflow.tracking_uri\n"
    )
    result = run_pytest(tmp_path, test)
    assert result.returncode == 0, result.stdout
    assert not (tmp_path / ".lakewright").exists()


@pytest.mark.unit
def test_the_folder_may_be_named_and_an_example_stands_in_where_there_is_none(tmp_path):
    write_config(tmp_path / "settings")
    test = "def test_it(config):\n    assert config.project == {!r}\n"
    assert run_pytest(tmp_path, test.format("trips"), ini="databricks_config = settings\n").returncode == 0
    assert run_pytest(tmp_path, test.format("flights")).returncode == 0


@pytest.mark.unit
def test_each_test_has_a_schema_prefix_of_its_own(tmp_path):
    test = (
        "seen = set()\n"
        "def test_one(config):\n    seen.add(config.catalog.schema_prefix)\n"
        "def test_two(config):\n    seen.add(config.catalog.schema_prefix)\n    assert len(seen) == 2\n"
    )
    result = run_pytest(tmp_path, test)
    assert result.returncode == 0, result.stdout


@pytest.mark.unit
def test_a_wrong_configuration_fails_with_its_fix(tmp_path):
    write_config(tmp_path / "config")
    (tmp_path / "config" / "local.yaml").write_text("catalog: {nmae: local_company}\n")
    result = run_pytest(tmp_path, "def test_it(config):\n    pass\n")
    assert result.returncode == 1
    assert "did you mean `catalog.name`?" in result.stdout


@pytest.mark.unit
def test_a_run_that_uses_no_fixture_imports_nothing(tmp_path):
    test = "import sys\ndef test_it():\n    assert not {'pyspark', 'pydantic', 'yaml', 'pandas'} & set(sys.modules)\n"
    result = run_pytest(tmp_path, test)
    assert result.returncode == 0, result.stdout


@pytest.mark.unit
@pytest.mark.parametrize("mode", ["connect", "classic"])
def test_an_engine_is_stopped_with_the_run(tmp_path, monkeypatch, mode):
    test = f"{WITHOUT_SPARK}\n    assert stops\ndef test_it(spark_session):\n    pass\n"
    monkeypatch.setenv("DBX_SPARK__MODE", mode)
    result = run_pytest(tmp_path, test)
    assert result.returncode == 0, result.stdout


@pytest.mark.unit
def test_an_engine_that_is_kept_is_not_stopped_and_ends_with_the_caller_of_pytest(tmp_path):
    test = f"""{WITHOUT_SPARK}
    assert not stops
def test_it(spark_session, lakehouse_project):
    assert str(lakehouse_project) == {str(tmp_path / "kept")!r}
"""
    result = run_pytest(tmp_path, test, f"--keep-engine={tmp_path / 'kept'}")
    assert result.returncode == 0, result.stdout
    overlay = json.loads((tmp_path / "kept" / "config" / "local.local.yaml").read_text())
    assert overlay["spark"]["config"]["spark.lakewright.ownerPid"] == str(os.getpid())


@pytest.mark.unit
def test_a_run_with_a_kept_engine_finds_nothing_that_an_earlier_one_delivered(tmp_path):
    test = """
def test_it(lakehouse_project):
    delivered = lakehouse_project / "data" / "landing"
    assert not delivered.exists()
    delivered.mkdir(parents=True)
    (lakehouse_project / ".lakewright").mkdir(exist_ok=True)
    (lakehouse_project / ".lakewright" / "state").touch()
"""
    kept = tmp_path / "kept"
    for _ in range(2):
        result = run_pytest(tmp_path, test, f"--keep-engine={kept}")
        assert result.returncode == 0, result.stdout
    assert (kept / ".lakewright" / "state").exists()


@pytest.mark.unit
def test_a_folder_with_other_files_is_not_taken_for_a_kept_engine(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "notes.txt").write_text("mine")
    refused = run_pytest(tmp_path, "def test_it(config):\n    pass\n", f"--keep-engine={tmp_path / 'work'}")
    assert refused.returncode != 0
    assert "files that are not of tests; name a new folder" in refused.stdout
    assert (tmp_path / "work" / "notes.txt").read_text() == "mine"


@pytest.mark.unit
def test_the_folder_of_a_kept_engine_is_not_taken_for_a_folder_of_tests(tmp_path):
    (tmp_path / "kept").mkdir()
    refused = run_pytest(tmp_path, "def test_it():\n    pass\n", "--keep-engine", str(tmp_path / "kept"))
    assert refused.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--keep-engine=FOLDER" in refused.stderr


@pytest.mark.unit
def test_tests_without_a_session_run_first(tmp_path):
    test = (
        "import pytest\n"
        "@pytest.fixture(scope='session')\n"
        "def spark_session():\n    return None\n"
        "def test_with_a_session(spark_session):\n    pass\n"
        "def test_one(tmp_path):\n    pass\n"
        "def test_two():\n    pass\n"
    )
    shown = run_pytest(tmp_path, test, "-vv").stdout
    names = [line.split("::")[1].split()[0] for line in shown.splitlines() if "PASSED" in line]
    assert names == ["test_one", "test_two", "test_with_a_session"]


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.drawn(1)  # each starts an engine of its own
def test_the_engine_ends_with_the_run_and_nothing_is_left_running(tmp_path):
    test = (
        "from pathlib import Path\n"
        "def test_it(spark_session, spark, catalog, lakehouse_project):\n"
        "    assert spark is spark_session\n"
        "    spark.sql(f\"CREATE TABLE {catalog.table_name('gold', 'delays')} AS SELECT 1 AS x\")\n"
        "    assert spark.table(catalog.table_name('gold', 'delays')).count() == 1\n"
        "    Path('where').write_text(str(lakehouse_project))\n"
    )
    result = run_pytest(tmp_path, test, f"--basetemp={tmp_path / 'temporary'}")
    assert result.returncode == 0, result.stdout
    project = (tmp_path / "where").read_text()
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert project not in running


def runs(pid: int) -> bool:
    """Whether a process runs; one that has ended stays a zombie until its parent asks for its exit code."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.drawn(1)  # each starts an engine of its own
def test_the_engine_of_a_run_that_is_killed_ends(tmp_path, monkeypatch):
    monkeypatch.setenv("DBX_SPARK__MODE", "connect")  # a classic session has no engine
    test = (
        "import os, pathlib, shutil, signal\n"
        "def test_it(spark, lakehouse_project):\n"
        f"    shutil.copy(lakehouse_project / '.lakewright/engine.json', {str(tmp_path / 'engine.json')!r})\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert run_pytest(tmp_path, test).returncode == -signal.SIGKILL
    engine = int(json.loads((tmp_path / "engine.json").read_text())["pid"])
    deadline = time.monotonic() + 30
    while runs(engine) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not runs(engine)
