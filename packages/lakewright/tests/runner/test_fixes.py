"""Failures for lack of something that a laptop does not have come with a fix."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyspark.errors import PythonException
from pyspark.errors.exceptions.connect import SparkConnectGrpcException

from lakewright.runner.execution.requirements import declared, not_installed
from lakewright.runner.inside.python_modules.missing_modules import fix_of_missing_module
from lakewright.runner.inside.sql.execution import execute
from lakewright.runner.inside.sql.sql_task import fill_in
from lakewright.spark_refusals import fix_of, read_refusal

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("[CATALOG_NOT_FOUND] The catalog `shop` not found.", 'lakewright sql "CREATE CATALOG shop"'),
        ("[NO_SUCH_CATALOG_EXCEPTION] the catalog 'samples' does not exist", "sample data"),
        ("[TABLE_OR_VIEW_NOT_FOUND] The table or view `samples`.`nyctaxi`.`trips` cannot be found.", "sample data"),
        ("[TABLE_OR_VIEW_NOT_FOUND] The table or view `c`.`s`.`t` cannot be found.", "SHOW TABLES IN c.s"),
        ("[TABLE_OR_VIEW_NOT_FOUND] The table or view `trips` cannot be found.", "write it with its schema"),
        ("[TABLE_OR_VIEW_NOT_FOUND] The table or view `trips` cannot be found.", "WHERE table_name = 'trips'"),
        ("[SCHEMA_NOT_FOUND] The schema `c`.`s` cannot be found.", "CREATE SCHEMA c.s"),
        ("[PATH_NOT_FOUND] Path does not exist: /databricks-datasets/x", "sample data"),
        ("[PATH_NOT_FOUND] Path does not exist: dbfs:/etc/passwd. SQLSTATE: 42K03", "write `file:/etc/passwd`"),
        ("[PATH_NOT_FOUND] Path does not exist: dbfs:/mnt/a b. SQLSTATE: 42K03", "dbutils.fs.ls('dbfs:/mnt')"),
        (
            "[REQUIRES_SINGLE_PART_NAMESPACE] names have three levels\n    at: workspace.main.s",
            'lakewright sql "CREATE CATALOG main"',
        ),
    ],
)  # fmt: skip
def test_what_spark_does_not_find_is_reported_with_a_fix(message: str, words: str) -> None:
    assert words in (fix_of(message) or "")


def test_an_unusual_message_has_no_invented_fix() -> None:
    assert fix_of("[DIVIDE_BY_ZERO] Division by zero.") is None


def test_a_refusal_has_neither_plan_nor_java_stack_nor_advice_about_sparks_conf() -> None:
    text = (
        '[CATALOG_NOT_FOUND] The catalog `c` not found. Consider to set the SQL config "spark.sql.catalog.c" to a '
        "catalog plugin. SQLSTATE: 42P08;\n'Project [*]\n+- 'UnresolvedRelation [c]\nworth reading\n\nJVM stacktrace:\njava"
    )
    refusal = read_refusal(ValueError(text))
    assert refusal.summary == "[CATALOG_NOT_FOUND] The catalog `c` not found. SQLSTATE: 42P08"
    assert refusal.detail == "worth reading"


def test_an_errors_own_fix_is_removed_from_its_text() -> None:
    refusal = read_refusal(ValueError("refused\n  at: x\n  fix: do this"))
    assert (refusal.detail, refusal.fix) == ("  at: x", "do this")


def test_a_fix_of_several_lines_is_whole_and_stands_alone():
    refusal = read_refusal(ValueError("refused\n  fix: GRANT a\n       GRANT b\n  at: x\n       y"))
    assert refusal.fix == "GRANT a\nGRANT b"
    assert refusal.detail == "  at: x\n       y"


def test_the_libraries_of_a_task_and_of_its_environment_are_what_it_asks_for() -> None:
    job = {
        "environments": [
            {"environment_key": "e", "spec": {"dependencies": ["surely-not-there==1", "./d/*.whl"]}}
        ]
    }
    task = {
        "environment_key": "e",
        "libraries": [{"pypi": {"package": "click"}}, {"whl": "x.whl"}, {"jar": "y.jar"}],
    }
    asked = declared(task, job)
    assert asked == ["click", "x.whl", "surely-not-there==1", "./d/*.whl"]
    assert not_installed(asked) == ["x.whl", "surely-not-there==1", "./d/*.whl"]
    assert not_installed(["./dist/databricks_utils-*.whl"]) == []


def test_an_engine_that_has_ended_is_reported_with_a_fix() -> None:
    rpc = (
        "<_MultiThreadedRendezvous of RPC that terminated with:\n\tstatus = StatusCode.UNAVAILABLE\n"
        '\tdetails = "failed to connect to all addresses; Connection refused"\n\tdebug_error_string = "UNKNOWN"\n>'
    )
    refusal = read_refusal(SparkConnectGrpcException(rpc))
    assert "the engine has stopped" in refusal.summary
    assert (
        "engine"
        not in read_refusal(PythonException("ConnectionError: Connection refused by the shop")).summary
    )
    assert "Connection refused" in (refusal.detail or "")
    assert "engine.log" in (refusal.fix or "")


def test_a_missing_module_is_reported_with_the_install_line_of_what_the_task_asks_for() -> None:
    assert "uv pip install 'cow>=1'" in fix_of_missing_module("cow", ["cow>=1"])
    assert "uv pip install some-thing" in fix_of_missing_module("some_thing.inner", [])
    ours = fix_of_missing_module("databricks_utils.config", [])
    assert ours.startswith(
        "uv pip install --no-deps --require-hashes -r wheels/wheels.lock && uv pip install -r"
    )
    assert "databricks-utils" not in ours
    assert fix_of_missing_module("cow", ["./dist/cow-*.whl"]).endswith("./dist/cow-*.whl")


@pytest.mark.never(
    where=("connect", "classic"),
    area="Notebooks and dbutils",
    what="`import dlt`",
    instead="the task fails; the fix says that pipelines run in a workspace",
    workspace="works in a pipeline",
    reason="the module is part of the workspace's pipelines",
    link="https://docs.databricks.com/aws/en/ldp/developer/python-ref",
)
def test_the_module_of_pipelines_is_missing_with_the_reason() -> None:
    assert "workspace" in fix_of_missing_module("dlt", [])


def test_a_task_without_its_library_fails_with_the_install_line(project: Any) -> None:
    task = project.task(
        "n", "import surely_not_there", libraries=[{"pypi": {"package": "surely-not-there==1.2"}}]
    )
    result = project.run(task).tasks["n"]
    assert result.problem.fix.startswith("uv pip install surely-not-there==1.2")
    assert result.notes == ("the task asks for `surely-not-there==1.2`, which is not here",)


@pytest.mark.never(
    where=("connect", "classic"),
    area="Notebooks and dbutils",
    what="`WorkspaceClient` and other calls of the workspace's API",
    instead="the task fails, with the reason as the fix",
    reason="a local run removes every `DATABRICKS_*` variable and contacts no workspace",
    link="https://docs.databricks.com/aws/en/dev-tools/sdk-python",
)
def test_code_that_asks_a_workspace_fails_with_the_reason(project: Any) -> None:
    task = project.task("n", 'raise ValueError("default auth: cannot configure default credentials")')
    assert "a local run contacts none" in project.run(task).tasks["n"].problem.fix


def test_a_sql_parameter_in_braces_becomes_a_string_in_quotes_and_never_sql() -> None:
    assert fill_in("IDENTIFIER({{ c }} || '.s')", {"c": "main"}) == "IDENTIFIER('main' || '.s')"
    assert fill_in("SELECT {{x}}", {"x": "1'; DROP TABLE t; --"}) == "SELECT '1\\'; DROP TABLE t; --'"
    assert fill_in("SELECT '{{x}}'", {"x": "it's"}) == "SELECT 'it\\'s'"


def test_a_sql_parameter_in_braces_without_a_value_or_in_a_comment_stays() -> None:
    script = "SELECT {{y}} -- {{x}}"
    assert fill_in(script, {"x": "1"}) == script


@pytest.mark.parametrize("name", ["'main'", '"main"', "IDENTIFIER('ma' || 'in')"])
def test_use_catalog_takes_a_string_or_an_identifier_clause_as_a_warehouse_does(name: str) -> None:
    asked: list[str] = []

    def sql(text: str, **_: Any) -> Any:
        asked.append(text)
        return SimpleNamespace(first=lambda: ["main"])

    execute(SimpleNamespace(sql=sql), f"USE CATALOG {name}", {})
    assert asked[-1] == "USE CATALOG `main`"
    execute(SimpleNamespace(sql=sql), "USE CATALOG other", {})
    assert asked[-1] == "USE CATALOG other"


def test_the_file_of_a_path_in_the_workspace_is_found_with_and_without_its_prefix(tmp_path: Path) -> None:
    from lakewright.bundle.project_files import expected_file, local_file

    (tmp_path / "a.py").touch()
    bundle = SimpleNamespace(
        sync_root=tmp_path, resolved={"workspace": {"file_path": "/Workspace/Users/me/files"}}
    )
    for path in ("/Workspace/Users/me/files/a.py", "/Users/me/files/a.py", "a.py", str(tmp_path / "a.py")):
        assert local_file(bundle, path) == tmp_path / "a.py"
    assert local_file(bundle, "/Workspace/Users/other/a.py") is None
    assert local_file(bundle, "gone.py") is None
    assert expected_file(bundle, "/Users/me/files/gone.py") == tmp_path / "gone.py"
