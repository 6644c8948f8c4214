"""`lakewright run` on a whole bundle: real engine, real Delta, every kind of task."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lakewright.engine import stop_engine
from lakewright.lineage.statements import read_events, read_statements

pytestmark = [pytest.mark.integration, pytest.mark.slow]

FILES = {
    "databricks.yml": """
        bundle:
          name: orders
        include: [resources/*.yml]
        variables:
          catalog: {description: The catalog, default: dev_shop}
        targets:
          dev:
            default: true
    """,
    "config/local.yaml": """
        project: orders
        catalog: {name: local_shop, schema: shop}
        bundle_variables:
          catalog: local_shop
    """,
    "pyproject.toml": """
        [project]
        name = "orders"
        version = "0.1.0"
        [project.scripts]
        silver = "orders.jobs:silver"
    """,
    "src/orders/__init__.py": "",
    "src/orders/jobs.py": """
        import argparse
        from pyspark.sql import SparkSession
        from databricks_utils.observability import report_rows

        def silver():
            parser = argparse.ArgumentParser()
            parser.add_argument("--catalog")
            table = parser.parse_args().catalog + ".shop.orders"
            spark = SparkSession.builder.getOrCreate()
            print("principal", spark.conf.get("spark.lakewright.principal", "nobody"))
            spark.sql(f"MERGE INTO {table} t USING (SELECT 1 AS id, 'one' AS name) s ON t.id = s.id "
                      "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *")
            report_rows(rows_in=1, rows_out=1, tables={table: 1})
    """,
    "notebooks/ingest.py": """
        # Databricks notebook source
        # MAGIC %run ./settings

        # COMMAND ----------

        dbutils.widgets.text("catalog", "")
        catalog = dbutils.widgets.get("catalog")
        spark.createDataFrame([(1, "a"), (2, "b")], "id int, name string").write.mode("overwrite").saveAsTable(f"{catalog}.shop.orders")
        spark.range(1).createOrReplaceTempView("leaked_view")
        spark.conf.set("spark.sql.shuffle.partitions", "17")
        files = f"/Volumes/{catalog}/shop/files"
        dbutils.fs.put(f"{files}/a.txt", "hello", True)
        assert open(f"{files}/a.txt").read() == spark.read.text(f"{files}/a.txt").first().value == "hello"
        assert [row.volume_name for row in spark.sql(f"SHOW VOLUMES IN {catalog}.shop").collect()] == ["files"]
        dbutils.jobs.taskValues.set("rows", spark.table(f"{catalog}.shop.orders").count())
        dbutils.jobs.taskValues.set("names", ["a", "b"])

        # COMMAND ----------

        # MAGIC %sql
        # MAGIC SELECT id, name FROM IDENTIFIER(:catalog || '.shop.orders') WHERE '${catalog}' = 'local_shop' ORDER BY id

        # COMMAND ----------

        assert _sqldf.count() == 2, greeting
    """,
    "notebooks/settings.py": """
        # Databricks notebook source
        greeting = "hello"
    """,
    "notebooks/each.py": """
        # Databricks notebook source
        name = dbutils.widgets.get("name")
        spark.sql("INSERT INTO " + dbutils.widgets.get("catalog") + ".shop.seen VALUES (:name)", args={"name": name})
    """,
    "notebooks/check.py": """
        # Databricks notebook source
        import mlflow
        assert not spark.catalog.tableExists("leaked_view")
        assert spark.conf.get("spark.sql.shuffle.partitions") != "17"
        assert mlflow.active_run() is None
        catalog = dbutils.widgets.get("catalog")
        print("seen", sorted(r.name for r in spark.table(f"{catalog}.shop.seen").collect()))
        print("orders", sorted((r.id, r.name) for r in spark.table(f"{catalog}.shop.orders").collect()))
        print("threshold", spark.table(f"{catalog}.shop.big").collect())
    """,
    "scripts/train.py": """
        import os, sys
        import mlflow
        mlflow.set_experiment("trained")
        run = mlflow.start_run()
        mlflow.log_text("hello", "note.txt")
        print("argv", sys.argv[1:], "artifacts", mlflow.get_artifact_uri())
        print("cwd", os.getcwd())
    """,
    "sql/big.sql": """
        -- makes a table; twice
        CREATE OR REPLACE TABLE IDENTIFIER(:catalog || '.shop.big') AS
          SELECT * FROM IDENTIFIER(:catalog || '.shop.orders') WHERE id >= CAST(:least AS INT);
        SELECT count(*) AS n, ';' AS s FROM local_shop.shop.big
    """,
    "resources/shop.yml": """
        resources:
          schemas:
            shop: {catalog_name: "${var.catalog}", name: shop, comment: "the shop's"}
          volumes:
            files: {catalog_name: "${var.catalog}", schema_name: "${resources.schemas.shop.name}", name: files, volume_type: MANAGED}
          jobs:
            main_pipeline:
              name: main_pipeline
              parameters:
                - {name: catalog, default: "${var.catalog}"}
              tasks:
                - task_key: ingest
                  notebook_task: {notebook_path: ../notebooks/ingest.py}
                - task_key: silver
                  depends_on: [{task_key: ingest}]
                  python_wheel_task: {package_name: orders, entry_point: silver, named_parameters: {}}
                  environment_key: default
                - task_key: enough
                  depends_on: [{task_key: ingest}]
                  condition_task: {op: GREATER_THAN_OR_EQUAL, left: "{{tasks.ingest.values.rows}}", right: "2"}
                - task_key: train
                  depends_on: [{task_key: enough, outcome: "true"}]
                  spark_python_task: {python_file: ../scripts/train.py, parameters: ["--day", "{{job.start_time.iso_date}}"]}
                  environment_key: default
                - task_key: too_few
                  depends_on: [{task_key: enough, outcome: "false"}]
                  notebook_task: {notebook_path: ../notebooks/settings.py}
                - task_key: big
                  depends_on: [{task_key: silver}]
                  sql_task:
                    file: {path: ../sql/big.sql}
                    parameters: {least: "2"}
                    warehouse_id: abc
                - task_key: table_of_names
                  depends_on: [{task_key: silver}]
                  run_job_task: {job_id: "${resources.jobs.prepare.id}"}
                - task_key: each
                  depends_on: [{task_key: table_of_names}, {task_key: ingest}]
                  for_each_task:
                    inputs: "{{tasks.ingest.values.names}}"
                    concurrency: 2
                    task:
                      task_key: each_one
                      notebook_task: {notebook_path: ../notebooks/each.py, base_parameters: {name: "{{input}}"}}
                - task_key: check
                  depends_on: [{task_key: each}, {task_key: big}, {task_key: train}]
                  notebook_task: {notebook_path: ../notebooks/check.py}
              environments:
                - environment_key: default
                  spec: {client: "2", dependencies: [../dist/*.whl]}
            prepare:
              name: prepare
              parameters:
                - {name: catalog, default: ""}
              tasks:
                - task_key: make
                  sql_task:
                    file: {path: ../sql/make.sql}
                    warehouse_id: abc
    """,
    "sql/make.sql": "CREATE OR REPLACE TABLE IDENTIFIER(:catalog || '.shop.seen') (name STRING);\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("orders")
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"))
    yield folder
    stop_engine(folder)
    shutil.rmtree(folder / ".lakewright", ignore_errors=True)


def lakewright(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from lakewright.cli import main; main()", "run", *arguments]
    return subprocess.run(
        command,
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "COLUMNS": "200", **environment},
    )


def latest(root: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((root / ".lakewright/runs/latest/summary.json").read_text())
    return record


def log(root: Path, name: str) -> str:
    return (root / f".lakewright/runs/latest/{name}.log").read_text()


@pytest.fixture(scope="module")
def whole_run(root: Path) -> subprocess.CompletedProcess[str]:
    return lakewright(root, DATABRICKS_HOST="https://nowhere.invalid")


def test_a_job_with_every_kind_of_task_runs_to_its_end(root: Path, whole_run: Any) -> None:
    assert whole_run.returncode == 0, whole_run.stdout + whole_run.stderr
    record = latest(root)
    found = {task["key"]: task["status"] for task in record["tasks"]}
    assert found.pop("too_few") == "skipped"
    assert set(found.values()) == {"success"}
    assert {"each[0]", "each[1]", "table_of_names/make"} <= set(found)
    assert "seen ['a', 'b']" in log(root, "check")
    assert "orders [(1, 'one'), (2, 'b')]" in log(root, "check")
    schema = Path(__file__).parents[2] / "src/lakewright/runner/record/summary.schema.json"
    jsonschema.validate(record, json.loads(schema.read_text()))


def test_the_report_names_tasks_rows_places_and_the_engine(root: Path, whole_run: Any) -> None:
    for words in (
        "main_pipeline: success",
        "1 → 1",
        "mlflow.db",
        "summary.json",
        "the local engine (connect, spark 4",
    ):
        assert words in whole_run.stdout, whole_run.stdout


def test_nothing_leaks_into_folders_that_are_not_ours(root: Path, whole_run: Any) -> None:
    names = {str(path.relative_to(root)) for path in root.rglob("*") if ".lakewright" not in path.parts}
    names = {name for name in names if "__pycache__" not in name}
    folders = {str(Path(name).parent) for name in FILES} - {"."}
    assert names == {*FILES, *folders, "src"}


def test_mlflow_keeps_runs_and_artifacts_under_dot_lakewright(root: Path, whole_run: Any) -> None:
    assert f"artifacts {(root / '.lakewright/artifacts').as_uri()}/" in log(root, "train")
    assert list((root / ".lakewright/artifacts").rglob("note.txt"))


def test_the_bundles_schema_and_volume_are_in_the_catalog(root: Path, whole_run: Any) -> None:
    assert (root / ".lakewright/lakehouse/_catalog/local_shop/shop/files.volume.json").is_file()
    assert (root / ".lakewright/lakehouse/volumes/local_shop/shop/files/a.txt").read_text() == "hello"


def test_the_lineage_of_the_run_names_its_tasks(root: Path, whole_run: Any) -> None:
    statements = list(read_statements(read_events(root / ".lakewright/lineage")))
    made = {(found.output.name, found.job) for found in statements if found.output}
    assert ("local_shop.shop.orders", "main_pipeline.ingest") in made
    (big,) = [found for found in statements if found.output and found.output.name == "local_shop.shop.big"]
    assert [dataset.name for dataset in big.inputs] == ["local_shop.shop.orders"]


def test_a_failure_is_fixed_and_resumed(root: Path, whole_run: Any) -> None:
    notebook = root / "notebooks/check.py"
    whole = notebook.read_text()
    notebook.write_text(whole + "\n# COMMAND ----------\n\nspark.table('local_shop.shop.gone').count()\n")
    try:
        broken = lakewright(root)
        assert broken.returncode == 1
        assert "TABLE_OR_VIEW_NOT_FOUND" in broken.stdout
        assert "notebooks/check.py:13 (cell 2)" in broken.stdout
        assert "lakewright run main_pipeline --resume" in broken.stdout
    finally:
        notebook.write_text(whole)
    resumed = lakewright(root, "--resume")
    assert resumed.returncode == 0, resumed.stdout
    assert [task["key"] for task in latest(root)["tasks"] if task["executed"]] == ["check"]


def test_a_dry_run_executes_nothing(root: Path) -> None:
    before = sorted((root / ".lakewright/runs").glob("2*")) if (root / ".lakewright/runs").is_dir() else []
    found = lakewright(root, "--dry-run")
    assert found.returncode == 0, found.stderr
    assert "[LOCAL]" in found.stdout
    after = sorted((root / ".lakewright/runs").glob("2*")) if (root / ".lakewright/runs").is_dir() else []
    assert before == after


@pytest.mark.parametrize(
    ("arguments", "environment"), [(["--classic"], {}), ([], {"DBX_SPARK__MODE": "classic"})]
)
def test_classic_tasks_use_the_engine_that_is_running(
    root: Path, whole_run: Any, arguments: list[str], environment: dict[str, str]
) -> None:
    found = lakewright(root, "--only", "big", *arguments, **environment)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["main_pipelin"], "`main_pipeline`"),
        (["--env", "prod"], "must be `local`, not `prod`"),
        (["--param", "x"], "NAME=VALUE"),
        (["--param", "catlog=x"], "`catalog`"),
        (["--only", "chek"], "`check`"),
        (["--only", "make"], "lakewright run prepare --only make"),
        (["-t", "prod"], "dev"),
    ],
)
def test_a_mistake_on_the_command_line_is_a_message_with_a_fix_and_code_two(
    root: Path, arguments: list[str], words: str
) -> None:
    found = lakewright(root, *arguments)
    assert found.returncode == 2
    assert words in found.stderr
    assert "Traceback" not in found.stderr
