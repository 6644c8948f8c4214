"""What a task gets of the cluster that the bundle defines for it."""

from typing import Any

import pytest

from lakewright.bundle import Kind
from lakewright.runner.handover.secrets import SecretError
from lakewright.runner.scheduling.forecast import forecast, runs_here
from lakewright.runner.values.cluster_settings import Clusters, ClusterSettings

pytestmark = pytest.mark.unit

SMALL = {
    "spark_conf": {
        "spark.sql.ansi.enabled": "false",
        "spark.acme.stage": "dev",
        "spark.databricks.delta.schema.autoMerge.enabled": "true",
        "spark.databricks.io.cache.enabled": "true",
        "spark.hadoop.fs.azure.account.key": "{{secrets/kv/storage-key}}",
        "spark.executor.memory": "4g",
        "spark.sql.shuffle.partitions": "auto",
        "spark.sql.warehouse.dir": "/x",
        "spark.sql.catalog.spark_catalog": "org.example.Catalog",
        "spark.master": "local[*]",
        "spark.databricks.cluster.profile": "singleNode",
    },
    "spark_env_vars": {
        "STAGE": "dev",
        "API_KEY": "{{secrets/kv/api-key}}",
        "HEADER": "Bearer {{secrets/kv/api-key}}",
        "PYSPARK_PYTHON": "/databricks/python3/bin/python3",
        "DBX_ENV": "prod",
        "ENDPOINT": "${resources.model_serving_endpoints.e.id}",
    },
}
SECRETS = {"DBX_SECRET__KV__API_KEY": "hunter2", "DBX_SECRET__KV__STORAGE_KEY": "s3cret"}
HELD = {
    "spark.sql.ansi.enabled": "false",
    "spark.acme.stage": "dev",
    "spark.databricks.delta.schema.autoMerge.enabled": "true",
    "spark.databricks.io.cache.enabled": "true",
    "spark.hadoop.fs.azure.account.key": "s3cret",
}
TASK = {"task_key": "t", "notebook_task": {"notebook_path": "n"}}


def settings(bundle: Any, secrets: Any = SECRETS, own: Any = ()) -> ClusterSettings:
    """The settings of the only task of the job `main`."""
    [task] = bundle.jobs["main"]["tasks"]
    return Clusters(bundle, secrets, lambda: own).settings_for("main", task, "resources.jobs.main.tasks[0]")


def test_a_task_gets_what_one_session_and_one_process_can_have(project: Any) -> None:
    found = settings(project.bundle({**TASK, "new_cluster": SMALL}))
    assert found.spark_conf == HELD
    assert found.variables == {
        "STAGE": "dev",
        "API_KEY": "hunter2",
        "HEADER": "Bearer {{secrets/kv/api-key}}",
    }
    assert found.without_effect == (
        "spark.databricks.io.cache.enabled",
        "spark.hadoop.fs.azure.account.key",
        "spark.executor.memory",
        "spark.sql.shuffle.partitions",
        "spark.sql.warehouse.dir",
        "spark.sql.catalog.spark_catalog",
        "PYSPARK_PYTHON",
        "DBX_ENV",
        "ENDPOINT",
    )


def test_the_cluster_may_be_the_jobs_or_the_bundles(project: Any) -> None:
    clusters = [
        {"job_cluster_key": "large", "new_cluster": {}},
        {"job_cluster_key": "small", "new_cluster": SMALL},
    ]
    of_job = settings(project.bundle({**TASK, "job_cluster_key": "small"}, job_clusters=clusters))
    assert (of_job.spark_conf, of_job.place) == (HELD, "resources.jobs.main.job_clusters[1].new_cluster")
    bundle = project.bundle({**TASK, "existing_cluster_id": "${resources.clusters.shared.id}"})
    bundle.resolved["resources"]["clusters"] = {"shared": SMALL}
    assert settings(bundle).place == "resources.clusters.shared"
    assert settings(project.bundle({**TASK, "existing_cluster_id": "0918-x"})) == ClusterSettings()
    assert settings(project.bundle({**TASK, "job_cluster_key": "gone"})) == ClusterSettings()


def test_sql_runs_on_a_warehouse_and_gets_nothing(project: Any) -> None:
    task = {"task_key": "t", "sql_task": {"file": {"path": "x.sql"}}, "new_cluster": SMALL}
    assert settings(project.bundle(task)) == ClusterSettings()


def test_spark_config_of_this_machine_wins(project: Any) -> None:
    found = settings(project.bundle({**TASK, "new_cluster": SMALL}), own={"spark.sql.ansi.enabled"})
    assert "spark.sql.ansi.enabled" not in found.spark_conf
    assert "spark.sql.ansi.enabled" not in found.without_effect


def test_a_secret_that_does_not_exist_is_refused_with_its_variable_in_run_and_dry_run(project: Any) -> None:
    bundle = project.bundle(project.task("t", "pass", new_cluster=SMALL))
    with pytest.raises(SecretError, match="DBX_SECRET__KV__API_KEY") as caught:
        settings(bundle, {"DBX_SECRET__KV__STORAGE_KEY": "s3cret"})
    assert caught.value.location == "resources.jobs.main.tasks[0].new_cluster.spark_env_vars.API_KEY"
    [seen] = forecast(bundle, "main", runs_here)
    assert seen.verdict is Kind.CONFIG
    assert "DBX_SECRET__KV__STORAGE_KEY" in str(seen.fix)


def test_the_dry_run_knows_what_has_no_effect(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    loop = {"task_key": "l", "for_each_task": {"inputs": "[1]", "task": {**TASK, "new_cluster": SMALL}}}
    outer, inner = forecast(project.bundle(loop), "main", runs_here)
    assert outer.without_effect == ()
    assert inner.cluster == "resources.jobs.main.tasks[0].for_each_task.task.new_cluster"
    assert "spark.executor.memory" in inner.without_effect


def test_a_task_has_the_variables_of_its_cluster_and_no_log_has_their_secrets(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("STAGE", "of the shell")
    project.notebook("notebooks/child", "import os\ndbutils.notebook.exit(os.environ['STAGE'])")
    code = """
        import os
        print("stage", os.environ["STAGE"], os.environ["DBX_ENV"], len(os.environ["API_KEY"]), os.environ["API_KEY"])
        print("child", dbutils.notebook.run("./child", 60))
    """
    summary = project.run(project.task("t", code, new_cluster=SMALL), project.task("other", code))
    log = project.log("t")
    assert summary.tasks["t"].status == "success", log
    assert "stage dev local 7 [REDACTED]" in log
    assert "child dev" in log
    assert summary.tasks["other"].status == "failed"  # it has no cluster, so no API_KEY
