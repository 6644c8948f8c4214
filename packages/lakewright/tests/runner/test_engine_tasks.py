"""Tasks and the engine: who they are, what they share, what happens when it dies."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from lakewright.engine import EngineSettings, ensure_engine, stop_engine
from lakewright.project_session import engine_settings
from lakewright.runner.execution.engines import ClassicEngine
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.run_job import run_job

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.drawn(3)]


@pytest.fixture
def start(project: Any) -> Iterator[Any]:
    settings = EngineSettings(memory="1g")
    yield lambda: ensure_engine(project.root, settings=settings)
    stop_engine(project.root)


@pytest.fixture(params=["connect", "classic"])
def job(request: Any, start: Any) -> Any:
    """Runs a job whose tasks have sessions over Connect, or classic ones."""
    classic = request.param == "classic"

    def run(bundle: Any, *, engine: Any = start, **options: Any) -> Any:
        source = (lambda: ClassicEngine(engine())) if classic else engine
        return run_job(bundle, "main", engine=source, options=RunOptions(classic=classic, **options))

    return run


def test_a_task_runs_as_its_jobs_principal_however_it_gets_its_session(project: Any, job: Any) -> None:
    ask = "spark.conf.get('spark.lakewright.principal', 'nobody')"
    notebook = project.task("notebook", f"print('I am', {ask})")
    project.write(
        "jobs/own.py",
        f"from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\nprint('I am', {ask})\n",
    )
    script = {"task_key": "script", "spark_python_task": {"python_file": "jobs/own.py"}}
    summary = job(project.bundle(notebook, script, run_as={"service_principal_name": "ingestion-sp"}))
    assert summary.status == "success", summary.as_dict()
    assert "I am ingestion-sp" in project.log("notebook")
    assert "I am ingestion-sp" in project.log("script")


def test_the_sessions_of_a_task_have_the_settings_of_its_cluster(project: Any, start: Any) -> None:
    first = project.task("first", "spark.sql('CREATE CATALOG IF NOT EXISTS `local_x`')")
    summary = run_job(project.bundle(first, *_with_clusters(project)), "main", engine=start)
    assert summary.status == "success", summary.as_dict()
    assert "false local_x 5 dev" in project.log("clustered")
    assert "`spark.databricks.delta.autoCompact.enabled` of the cluster has no effect here" in project.log(
        "clustered"
    )
    assert "again America/Lima local_x" in project.log("clustered")
    assert "child false local_x" in project.log("clustered")
    assert "true local_x unset" in project.log("unclustered")


def _with_clusters(project: Any) -> list[dict[str, Any]]:
    """A task with a cluster, whose code looks at its sessions, and one without."""
    conf = {
        "spark.sql.ansi.enabled": "false",
        "spark.sql.shuffle.partitions": "5",
        "spark.acme.stage": "dev",
        "spark.databricks.sql.initial.catalog.name": "local_x",
        "spark.executor.memory": "4g",
        "spark.databricks.delta.autoCompact.enabled": "auto",
    }
    project.notebook(
        "notebooks/child",
        "c = spark.catalog.currentCatalog()\ndbutils.notebook.exit(spark.conf.get('spark.sql.ansi.enabled') + ' ' + c)",
    )
    code = """
        from lakewright.engine.session import open_session
        ask = spark.conf.get
        print(ask("spark.sql.ansi.enabled"), spark.catalog.currentCatalog(), ask("spark.sql.shuffle.partitions"), ask("spark.acme.stage"))
        spark.conf.set("spark.sql.session.timeZone", "America/Lima")
        spark.conf.set("spark.sql.ansi.enabled", "true")
        again = open_session()
        assert again.conf.get("spark.sql.ansi.enabled") == "true", "the task's own change is lost"
        print("again", again.conf.get("spark.sql.session.timeZone"), again.catalog.currentCatalog())
        print("child", dbutils.notebook.run("./child", 120))
    """
    bare = "print(spark.conf.get('spark.sql.ansi.enabled'), 'local_x', spark.conf.get('spark.acme.stage', 'unset'))"
    return [
        project.task("clustered", code, after=["first"], new_cluster={"spark_conf": conf}),
        project.task("unclustered", bare, after=["clustered"]),
    ]


def test_an_engine_that_is_killed_fails_the_task_and_the_next_attempt_has_a_new_one(
    project: Any, job: Any
) -> None:
    code = """
        import json, os, signal
        from pathlib import Path
        spark.sql("CREATE CATALOG IF NOT EXISTS local_x")
        spark.sql("CREATE SCHEMA IF NOT EXISTS local_x.s")
        spark.sql("CREATE TABLE IF NOT EXISTS local_x.s.t (n INT)")
        mark = Path("killed")
        if not mark.exists():
            mark.touch()
            engine = json.loads((Path(os.environ["LAKEWRIGHT_PROJECT"]) / ".lakewright/engine.json").read_text())
            os.kill(engine["pid"], signal.SIGKILL)
        spark.sql("INSERT INTO local_x.s.t VALUES (1)")
        print("rows", spark.table("local_x.s.t").count())
    """
    summary = job(project.bundle(project.task("t", code, max_retries=1)))
    assert summary.status == "success", summary.as_dict()
    assert summary.tasks["t"].attempt == 2
    assert "rows 1" in project.log("t.2")


def test_a_task_that_leaves_children_does_not_take_the_engine_with_it(
    project: Any, start: Any, job: Any
) -> None:
    first = project.task(
        "first", "spark.range(1).count()\nimport subprocess\nsubprocess.Popen(['sleep', '600'])"
    )
    second = project.task("second", "print(spark.range(3).count())", after=["first"])
    pids: set[int] = set()

    def engine() -> Any:
        handle = start()
        pids.add(handle.pid)
        return handle

    assert job(project.bundle(first, second), engine=engine).status == "success"
    assert len(pids) == 1
    os.kill(pids.pop(), 0)


def test_a_killed_task_in_the_middle_of_a_write_loses_and_doubles_nothing_on_resume(
    project: Any, job: Any
) -> None:
    code = """
        import os, signal, threading
        from pathlib import Path
        spark.sql("CREATE CATALOG IF NOT EXISTS local_x")
        spark.sql("CREATE SCHEMA IF NOT EXISTS local_x.s")
        spark.sql("CREATE TABLE IF NOT EXISTS local_x.s.t (n BIGINT)")
        mark = Path("killed")
        if not mark.exists():
            mark.touch()
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGKILL)).start()
        spark.range(3_000_000).createOrReplaceTempView("source")
        spark.sql("MERGE INTO local_x.s.t t USING (SELECT id AS n FROM source) s ON t.n = s.n WHEN NOT MATCHED THEN INSERT *")
        print("rows", spark.table("local_x.s.t").count())
    """
    task = project.task("t", code)
    first = job(project.bundle(task))
    assert first.status == "failed"
    assert "SIGKILL" in (first.tasks["t"].reason or "")
    second = job(project.bundle(task), resume=True)
    assert second.status == "success", second.as_dict()
    assert "rows 3000000" in project.log("t")


def test_a_notebook_that_a_task_starts_neither_sees_nor_ends_its_session(project: Any, job: Any) -> None:
    project.notebook(
        "notebooks/child",
        'assert not spark.catalog.tableExists("seen_by_the_parent")\ndbutils.notebook.exit(str(spark.range(5).count()))',
    )
    code = """
        spark.range(2).createOrReplaceTempView("seen_by_the_parent")
        print("child counted", dbutils.notebook.run("./child", 120))
        print("view has", spark.table("seen_by_the_parent").count())
    """
    summary = job(project.bundle(project.task("t", code)))
    assert summary.status == "success", summary.as_dict()
    assert "child counted 5" in project.log("t")
    assert "view has 2" in project.log("t")


def test_a_killed_task_is_tried_again_though_a_notebook_of_it_has_closed_its_session(
    project: Any, job: Any
) -> None:
    project.notebook("notebooks/child", "spark.range(5).count()")
    code = """
        import os, signal
        from pathlib import Path
        dbutils.notebook.run("./child", 120)
        mark = Path("killed")
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    """
    summary = job(project.bundle(project.task("t", code, max_retries=1)))
    assert summary.status == "success", summary.as_dict()
    assert summary.tasks["t"].attempt == 2


_UDF = """
import os, sys
import beside
from small.labels import label

sys.path.append(os.path.abspath("../lib"))
import elsewhere

@udf("string")
def shell(name):
    return os.environ.get(name, "unset") + " " + str(os.environ["TZ"])

print("of the task:", os.environ["STAGE"])
names = [("DATABRICKS_TOKEN",), ("DBX_SECRET__KV__KEY",), ("MY_PASSWORD",), ("STAGE",)]
rows = spark.createDataFrame(names, "name string")
print(sorted(row[0] for row in rows.select(shell("name")).distinct().collect()))
rows.createOrReplaceTempView("names")
print([row[0] for row in table("names").limit(1).select(udf(label, "string")("name")).collect()])
shouted = udf(lambda name: beside.shout(name) + elsewhere.Mark().text, "string")
print([row[0] for row in table("names").limit(1).select(shouted("name")).collect()])
"""


@pytest.mark.never(
    where=("connect", "classic"),
    area="Tasks of a job",
    what="`spark_env_vars` of a cluster inside UDFs",
    instead="the task's process has them, UDFs do not",
    reason="all tasks share one engine, and its workers have its environment; hand the value to the UDF",
    link="https://docs.databricks.com/aws/en/compute/configure",
)
def test_udfs_see_the_projects_sources_of_today_and_no_secret_of_the_shell(
    project: Any, job: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABRICKS_TOKEN", "DBX_SECRET__KV__KEY", "MY_PASSWORD"):
        monkeypatch.setenv(name, "hunter2")
    project.write("src/small/__init__.py", "")
    project.write("notebooks/beside.py", "SIGN = '!'\ndef shout(name):\n    return name + SIGN\n")
    project.write("lib/elsewhere.py", "class Mark:\n    text = '?'\n")
    code = f"import sys\nsys.path.insert(0, {str(project.root / 'src')!r})\n{_UDF}"
    task = project.task("t", code, new_cluster={"spark_env_vars": {"STAGE": "dev"}})
    for edition in ("first", "second"):
        project.write("src/small/labels.py", f"def label(name):\n    return '{edition} ' + name\n")
        summary = job(project.bundle(task))
        assert summary.status == "success", summary.as_dict()
        assert "['unset UTC']" in project.log("t")
        assert "of the task: dev" in project.log("t")
        assert f"['{edition} DATABRICKS_TOKEN']" in project.log("t")
        assert "['DATABRICKS_TOKEN!?']" in project.log("t")


_VOLUME = """
import pandas as pd
from pyspark.sql.functions import pandas_udf

spark.sql("CREATE CATALOG IF NOT EXISTS local_x")
spark.sql("CREATE SCHEMA IF NOT EXISTS local_x.s")
spark.sql("CREATE VOLUME IF NOT EXISTS local_x.s.v")
V = "/Volumes/local_x/s/v"
with open(f"{V}/rates.csv", "w") as file:
    file.write("name,rate\\nb,2")
dbutils.fs.put("dbfs:/shared/word.txt", "hello", True)

@udf("string")
def read(path):
    with open(path) as file:
        return file.read().splitlines()[-1]

@pandas_udf("string")
def read_all(paths: pd.Series) -> pd.Series:
    return paths.map(lambda path: pd.read_csv(path).iloc[0, 0])

def rows(frames):
    for frame in frames:
        yield pd.read_csv(f"{V}/rates.csv")[["name"]]

def write(batch, number):
    import os
    os.listdir(V)
    batch.write.mode("overwrite").json(f"{V}/batch")

paths = spark.createDataFrame([(f"{V}/rates.csv",), ("/dbfs/shared/word.txt",)], "path string")
print("udf", sorted(row[0] for row in paths.select(read("path")).collect()))
print("pandas udf", paths.limit(1).select(read_all("path")).first()[0])
print("mapInPandas", spark.range(1).mapInPandas(rows, "name string").first()[0])
grouped = spark.range(1).groupBy("id").applyInPandas(lambda frame: pd.read_csv(f"{V}/rates.csv")[["rate"]], "rate long")
print("applyInPandas", grouped.first()[0])
paths.coalesce(1).write.mode("overwrite").json(f"{V}/in")
stream = spark.readStream.schema("path string").json(f"{V}/in").writeStream.foreachBatch(write)
stream.option("checkpointLocation", f"{V}/checkpoint").trigger(availableNow=True).start().awaitTermination()
print("foreachBatch", spark.read.json(f"{V}/batch").count())
try:
    spark.createDataFrame([("/Volumes/local_x/s/missing/a.txt",)], "path string").select(read("path")).collect()
except Exception as error:
    print("refused", "CREATE VOLUME `local_x`.`s`.`missing`" in str(error))
"""


def test_udfs_and_streams_open_the_files_of_volumes_and_dbfs_that_the_task_has_written(
    project: Any, job: Any
) -> None:
    summary = job(project.bundle(project.task("t", _VOLUME)))
    assert summary.status == "success", summary.as_dict()
    log = project.log("t")
    assert "udf ['b,2', 'hello']" in log
    for kind in ("pandas udf b", "mapInPandas b", "applyInPandas 2", "foreachBatch 2", "refused True"):
        assert kind in log


def classic(start: Any) -> Any:
    """An engine whose tasks have classic sessions."""
    return lambda: ClassicEngine(start())


def test_classic_mode_runs_the_same_notebook_with_a_context(project: Any, start: Any) -> None:
    code = """
    from pyspark import SparkContext

    print("parts", sc.parallelize(range(6), 3).getNumPartitions(), isinstance(sc, SparkContext))
    print("rows", spark.range(4).count(), spark.sparkContext.master)
    try:
        spark.sql("SELECT raise_error('boom') FROM range(1)").collect()
    except Exception as error:
        print("caught", type(error).__name__)
    """
    task = project.task("t", code)
    summary = run_job(project.bundle(task), "main", engine=classic(start), options=RunOptions(classic=True))
    assert summary.status == "success", summary.as_dict()
    assert "parts 3 True" in project.log("t")
    assert "rows 4 local[" in project.log("t")
    assert "caught" in project.log("t")
    assert "\n\tat " not in project.log("t")  # Java's frames
    assert not summary.tasks["t"].notes


def test_in_a_classic_run_who_asks_the_factory_gets_the_tasks_one_classic_session(
    project: Any,
    start: Any,  # which stops the engine
) -> None:
    project.write("config/local.yaml", "project: x\ncatalog: {name: local_x, schema: x}\n")
    project.write(
        "jobs/own.py",
        """
        from databricks_utils.config import ConfigLoader, SparkSessionFactory

        assert ConfigLoader.load("local").spark.mode == "connect"
        session = SparkSessionFactory.create("local")
        print("master", session.sparkContext.master)
        session.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
        session.sql("SELECT 1 AS one").createOrReplaceTempView("mine")
        again = SparkSessionFactory.create("local")
        print("again", again.table("mine").count(), again.conf.get("spark.sql.session.timeZone"))
        session.stop()
        print("afresh", SparkSessionFactory.create("local").range(5).count())
        """,
    )
    body = {"spark_python_task": {"python_file": "jobs/own.py"}}
    tasks = [{"task_key": "one", **body}, {"task_key": "two", **body, "depends_on": [{"task_key": "one"}]}]
    as_configured = engine_settings(project.root)
    engine = classic(lambda: ensure_engine(project.root, settings=as_configured))
    summary = run_job(project.bundle(*tasks), "main", engine=engine, options=RunOptions(classic=True))
    assert summary.status == "success", summary.as_dict()
    for key in ("one", "two"):
        assert "master local[" in project.log(key)
        assert "again 1 Asia/Tokyo" in project.log(key)
        assert "afresh 5" in project.log(key)


# Task `one` stops while the stream of `two` runs, whose stream must go on after that.
_BESIDE = """
import os, time
from pyspark.sql import SparkSession

def count(batch, number):
    print("{name}", number, batch.count(), flush=True)
    counted.append(number)

def wait_for(condition):
    while not condition():
        assert stream.isActive, stream.exception()
        time.sleep(0.01)

counted = []
spark.range(3).createOrReplaceTempView("mine_{name}")
assert not spark.catalog.tableExists("mine_{other}")
sc.setJobDescription("{name}")
stream = spark.readStream.format("rate").option("rowsPerSecond", 20).load().writeStream.foreachBatch(count).start()
wait_for(lambda: counted)
open("{folder}/{name}-counts", "w").close()
wait_for(lambda: os.path.exists("{folder}/{other}-counts"))
if "{name}" == "two":
    wait_for(lambda: os.path.exists("{folder}/one-stopped"))
    before = len(counted)
    wait_for(lambda: len(counted) > before)
spark.stop()
print("{name} still has", SparkSession.builder.getOrCreate().range(4).count(), sc.parallelize([1, 2]).sum())
open("{folder}/{name}-stopped", "w").close()
"""


@pytest.mark.unverified(
    where=("connect", "classic"),
    area="Tasks of a job",
    what="`spark.stop()` and `sc.stop()` in a task",
    instead="over Connect the task's session ends; a classic session remains, since other tasks use its context",
    reason="the reference says that the context is stopped, not what that does to others on the cluster",
    link="https://learn.microsoft.com/en-us/azure/databricks/pyspark/reference/classes/sparksession/stop",
)
def test_classic_tasks_side_by_side_do_not_disturb_each_other(project: Any, start: Any) -> None:
    tasks = [
        project.task(name, _BESIDE.format(name=name, other=other, folder=project.root))
        for name, other in (("one", "two"), ("two", "one"))
    ]
    summary = run_job(project.bundle(*tasks), "main", engine=classic(start), options=RunOptions(classic=True))
    assert summary.status == "success", summary.as_dict()
    for name, other in (("one", "two"), ("two", "one")):
        assert f"{name} still has 4 3" in project.log(name)
        assert f"{name} 1 " in project.log(name)
        assert f"{other} 1 " not in project.log(name)
    session = start().connect()
    assert session.range(2).count() == 2
    session.stop()


def test_sql_files_and_frames_behave_as_in_a_workspace(project: Any, start: Any) -> None:
    make = project.task(
        "make", 'spark.sql("CREATE CATALOG IF NOT EXISTS local_y")\nspark.range(2).display()\nspark.range(1)'
    )
    project.write(
        "sql/load.sql",
        """
        CREATE SCHEMA IF NOT EXISTS IDENTIFIER({{catalog}} || '.' || {{schema}});
        USE CATALOG IDENTIFIER({{catalog}});
        USE CATALOG {{catalog}};
        USE IDENTIFIER({{schema}});
        CREATE OR REPLACE TABLE t AS SELECT {{catalog}} AS catalog, :schema AS schema;
        SELECT * FROM t
        """,
    )
    load = {
        "task_key": "load",
        "depends_on": [{"task_key": "make"}],
        "sql_task": {"file": {"path": "sql/load.sql"}, "parameters": {"catalog": "local_y", "schema": "s"}},
    }
    given = {"rows": "{{tasks.load.output.rows}}", "one": "{{tasks.load.output.first_row.schema}}"}
    show = 'print("got", dbutils.widgets.get("rows"), dbutils.widgets.get("one"))'
    count = project.task("count", show, after=["load"], base_parameters=given)
    samples = project.task("samples", 'spark.table("samples.nyctaxi.trips").count()', after=["load"])
    summary = run_job(project.bundle(make, load, count, samples), "main", engine=start)
    assert summary.tasks["load"].status.value == "success", summary.as_dict()
    assert "|local_y|     s|" in project.log("load")
    assert 'got [{"catalog": "local_y", "schema": "s"}] s' in project.log("count")
    assert "|  1|" in project.log("make")
    assert "sample data" in summary.tasks["samples"].problem.fix
    assert "notebooks/samples.py:2" in project.log("samples")
    assert "site-packages" not in project.log("samples")  # frames of Spark's client
