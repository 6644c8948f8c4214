"""`lakewright config`, as a process: what it prints, and how it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from databricks_utils.config.schema import SCHEMA_FILE

pytestmark = pytest.mark.unit

DEFAULTS = (
    "project: flights\ncatalog: {schema: flights}\nspark: {config: {spark.sql.shuffle.partitions: 8}}\n"
)
PROD = (
    "catalog:\n  name: prod_analytics\nalerts:\n  webhook_url: ${HOOK}\nextra:\n  "
    + "a_rather_long_key: '"
    + "x" * 90
    + "'\n"
)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "defaults.yaml").write_text(DEFAULTS)
    (tmp_path / "config" / "prod.yaml").write_text(PROD)
    return tmp_path


def lakewright(project: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("DBX_")}
    return subprocess.run(
        [sys.executable, "-m", "lakewright", "config", *arguments],
        cwd=project, env={**inherited, **environ}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_show_prints_each_value_with_its_place_and_hides_secrets(project):
    result = lakewright(project, "show", "--env", "prod", HOOK="https://hunter2", DBX_OWNER="data")
    lines = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert lines["catalog.name"].split()[1:] == ["prod_analytics", "config/prod.yaml:2"]
    assert lines["spark.config.spark.sql.shuffle.partitions"].split()[1:] == ["8", "config/defaults.yaml:3"]
    assert lines["owner"].split()[1:] == ["data", "environment", "DBX_OWNER"]
    assert lines["alerts.webhook_url"].split()[1:] == ["**********", "config/prod.yaml:4", "through", "HOOK"]
    assert "x" * 90 in lines["extra.a_rather_long_key"]
    assert "hunter2" not in result.stdout + result.stderr


def test_show_as_json_prints_the_same_values(project):
    result = lakewright(project, "show", "--env", "prod", "-o", "json", HOOK="https://hunter2")
    rows = {row["key"]: row for row in json.loads(result.stdout)}
    assert rows["spark.mode"] == {
        "key": "spark.mode", "value": "connect", "where": "default",
        "from": {"kind": "default", "place": "default", "line": None, "through": []},
    }  # fmt: skip
    assert rows["catalog.name"]["from"] == {
        "kind": "file",
        "place": "config/prod.yaml",
        "line": 2,
        "through": [],
    }
    assert rows["alerts.webhook_url"]["value"] == "**********"


def test_show_works_from_a_folder_inside_the_project_and_by_a_path(project):
    (project / "notebooks").mkdir()
    assert lakewright(project / "notebooks", "show", "--env", "prod", HOOK="x").returncode == 0
    result = lakewright(
        Path("/"), "show", "--env", "prod", "--config-path", str(project / "config"), HOOK="x"
    )
    assert f"{project}/config/prod.yaml:2" in result.stdout


def test_a_wrong_configuration_is_an_error_with_a_fix_and_no_traceback(project):
    result = lakewright(project, "show", "--env", "prod")
    assert result.returncode == 2
    assert "`alerts.webhook_url` needs the environment variable HOOK" in result.stderr
    assert "  fix: export HOOK=" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_secret_in_a_file_causes_a_warning_on_stderr(project):
    (project / "config" / "dev.yaml").write_text("catalog: {name: dev_a}\nextra: {password: hunter2}\n")
    result = lakewright(project, "show", "--env", "dev", "-o", "json")
    assert result.returncode == 0
    assert json.loads(result.stdout)
    assert result.stderr.startswith(
        "warning: config: files contain secrets:\n  `extra.password` (config/dev.yaml:2)"
    )
    assert "hunter2" not in result.stdout + result.stderr


def test_an_unknown_environment_lists_those_that_exist(project):
    result = lakewright(project, "show", "--env", "pord")
    assert result.returncode == 2
    assert "environments that exist:   prod" in result.stderr


def test_schema_prints_the_committed_one_or_writes_it(project):
    # As values, not as text: before 2.11 pydantic writes the bound 0 as 0.0.
    committed = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    assert json.loads(lakewright(project, "schema").stdout) == committed
    result = lakewright(project, "schema", "-o", "new/schema.json")
    assert json.loads((project / "new" / "schema.json").read_text(encoding="utf-8")) == committed
    assert f"# yaml-language-server: $schema={(project / 'new' / 'schema.json').as_uri()}" in result.stdout


def test_a_schema_that_cannot_be_written_is_an_error_without_a_traceback(project):
    result = lakewright(project, "schema", "-o", "config/prod.yaml/schema.json")
    assert result.returncode != 0
    assert "Could not open file" in result.stderr
    assert "Traceback" not in result.stderr
