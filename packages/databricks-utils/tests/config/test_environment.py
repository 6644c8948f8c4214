"""Which environment is meant, and where the process runs."""

import pytest

from databricks_utils.config import ConfigLoader
from databricks_utils.config.environment import Runtime, choose_environment, detect_runtime
from databricks_utils.config.errors import InvalidValueError, UnknownEnvironmentError
from databricks_utils.context import open_context

pytestmark = pytest.mark.unit

CLUSTER = {"DATABRICKS_RUNTIME_VERSION": "15.4"}


@pytest.mark.parametrize(
    ("environ", "runtime"),
    [
        ({}, Runtime.MACHINE),
        (CLUSTER, Runtime.CLUSTER),
        ({"DATABRICKS_RUNTIME_VERSION": "client.2.1"}, Runtime.SERVERLESS),
        ({"IS_SERVERLESS": "TRUE", **CLUSTER}, Runtime.SERVERLESS),
    ],
)
def test_the_runtime_is_detected_by_the_variables_that_it_sets(environ, runtime):
    assert detect_runtime(environ) is runtime


def test_the_argument_wins_over_the_variable_and_the_variable_over_local():
    assert choose_environment("dev", {"DBX_ENV": "prod"}).value == "dev"
    assert choose_environment(None, {"DBX_ENV": "prod", **CLUSTER}).value == "prod"
    assert choose_environment(None, {"DBX_ENV": ""}).value == "local"


@pytest.mark.parametrize("environ", [CLUSTER, {"IS_SERVERLESS": "true"}])
def test_on_databricks_no_environment_is_assumed(environ):
    with pytest.raises(UnknownEnvironmentError, match="fix: pass it as a job parameter"):
        choose_environment(None, environ)


@pytest.mark.parametrize("runtime", [CLUSTER, {"IS_SERVERLESS": "true"}])
@pytest.mark.parametrize(("env", "variable"), [("local", {}), (None, {"DBX_ENV": "local"})])
def test_on_databricks_the_local_environment_is_refused(env, variable, runtime):
    with pytest.raises(UnknownEnvironmentError, match="`local` cannot be used on") as refusal:
        choose_environment(env, {**variable, **runtime})
    assert "pass it as a job parameter" in refusal.value.fix


def test_the_local_environment_is_refused_on_databricks_before_a_file_is_read(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABRICKS_RUNTIME_VERSION", "17.3")
    for opened in (ConfigLoader.load, open_context):
        with pytest.raises(UnknownEnvironmentError, match="`local` cannot be used on a Databricks cluster"):
            opened("local", tmp_path / "no_such_folder")


@pytest.mark.parametrize("name", ["../prod", "Prod", "pre-prod", "defaults", "prod.local", "1st"])
def test_an_invalid_environment_name_is_refused(write_config, name):
    write_config()
    with pytest.raises(InvalidValueError, match="is not a valid name for an environment"):
        ConfigLoader.load(name)
