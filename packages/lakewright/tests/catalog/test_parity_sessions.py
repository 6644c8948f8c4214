"""What sessions, files and grants of a laptop do otherwise than those of a workspace."""

from importlib import import_module

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

pytestmark = pytest.mark.integration

BOTH = ("connect", "classic")
DOCS = "https://docs.databricks.com/aws/en/"
SESSIONS = "Sessions and the DataFrame API"


@pytest.mark.over_connect
@pytest.mark.upstream(
    where="connect",
    area=SESSIONS,
    what="`delta.tables.DeltaTable`",
    fails="NO_HANDLER_FOR_EXTENSION",
    reason="Delta's Connect server for this version of Spark is not published as a jar; SQL MERGE works everywhere",
    link=DOCS + "delta/merge",
)
def test_the_delta_table_api_of_python_reads_a_table(request, spark, schema):
    # What `delta.tables` stands for in a process that has no JVM; this one has both kinds of session.
    connect = request.node.callspec.params["spark"] == "connect"
    delta = import_module("delta.connect.tables" if connect else "delta.tables")
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    assert delta.DeltaTable.forName(spark, f"{schema}.t").toDF().count() == 1


@pytest.mark.over_connect
@pytest.mark.parametrize("name", ["sparkContext", "_jvm", "rdd"])
@pytest.mark.never(
    where="connect",
    area=SESSIONS,
    what="`spark.sparkContext`, `.rdd`, `spark._jvm`",
    instead="refused, with `spark.mode: classic` as the way out",
    workspace="refused on serverless compute and in standard access mode; works on dedicated compute",
    reason="Spark Connect has none of them; dedicated compute corresponds to classic mode",
    link=DOCS + "compute/standard-limitations",
)
def test_what_reaches_into_the_driver_works_in_classic_mode_only(request, spark, name):
    owner = spark.range(1) if name == "rdd" else spark
    if request.node.callspec.params["spark"] == "classic":
        assert getattr(owner, name) is not None
        return
    with pytest.raises(Exception, match=r"JVM_ATTRIBUTE_NOT_SUPPORTED|NOT_IMPLEMENTED"):
        getattr(owner, name)


def refused_on_serverless(what, use, clean, page, *, condition):
    """A call that serverless compute refuses with an error condition, and the call that undoes it here."""
    mark = pytest.mark.ours(
        where="connect",
        area=SESSIONS,
        what=what,
        fails="DID NOT RAISE",
        instead="works",
        workspace="refused on serverless compute; works on dedicated compute",
        reason="the engine could refuse in Connect mode what serverless compute refuses",
        link=DOCS + page,
    )
    return pytest.param(use, clean, condition, id=what, marks=mark)


@pytest.mark.over_connect
@pytest.mark.parametrize(
    ("use", "clean", "condition"),
    [
        refused_on_serverless(
            "caching (`df.cache()`, `CACHE TABLE`)",
            lambda spark: spark.range(1).cache(),
            lambda spark: spark.range(1).unpersist(),
            "compute/serverless/limitations",
            condition="NOT_SUPPORTED_WITH_SERVERLESS",
        ),
        refused_on_serverless(
            "global temporary views",
            lambda spark: spark.range(1).createGlobalTempView("of_parity"),
            lambda spark: spark.catalog.dropGlobalTempView("of_parity"),
            "compute/serverless/limitations",
            condition="NOT_SUPPORTED_WITH_SERVERLESS",
        ),
        refused_on_serverless(
            "most settings of Spark",
            lambda spark: spark.conf.set("spark.sql.files.maxPartitionBytes", "64m"),
            lambda spark: spark.conf.unset("spark.sql.files.maxPartitionBytes"),
            "spark/conf",
            condition="CONFIG_NOT_AVAILABLE",
        ),
    ],
)
def test_what_serverless_compute_refuses_is_refused_over_connect(request, spark, use, clean, condition):
    try:
        if request.node.callspec.params["spark"] == "classic":
            use(spark)
            return
        with pytest.raises(PySparkException, match=condition):
            use(spark)
    finally:
        clean(spark)


@pytest.mark.over_connect
@pytest.mark.ours(
    where=BOTH,
    area="Files",
    what="Auto Loader (`cloudFiles`)",
    fails="cloudFiles",
    reason="a data source of the engine can do it; a stream of plain files (`spark.readStream.csv`) works in both",
    link=DOCS + "ingestion/cloud-object-storage/auto-loader/",
)
def test_auto_loader_reads_a_folder(spark, tmp_path):
    reader = spark.readStream.format("cloudFiles").option("cloudFiles.format", "csv").schema("id INT")
    assert reader.load(str(tmp_path)).isStreaming


@pytest.mark.over_connect
@pytest.mark.never(
    where=BOTH,
    area="Files",
    what="`/databricks-datasets`",
    instead="no such path, unless a person puts files into `.lakewright/lakehouse/dbfs/databricks-datasets`",
    reason="it holds Databricks' own data",
    link=DOCS + "discover/databricks-datasets",
)
def test_the_data_sets_of_databricks_are_not_there(spark):
    with pytest.raises((PySparkException, Py4JJavaError), match="dbfs:/databricks-datasets/README"):
        spark.read.text("dbfs:/databricks-datasets/README.md").collect()


@pytest.mark.over_connect
@pytest.mark.never(
    where=BOTH,
    area="SQL: governance",
    what="grants that protect the files",
    instead="the owner of the files reads them, also by `` delta.`path` ``: grants teach and test",
    workspace="a managed table's files cannot be read by their path",
    reason="files on a laptop belong to its user",
    link=DOCS + "tables/managed",
)
def test_a_table_is_read_by_its_path_without_a_grant(spark, schema, another_session):
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    place = spark.sql(f"DESCRIBE DETAIL {schema}.t").collect()[0].location
    assert another_session("mallory").sql(f"SELECT * FROM delta.`{place}`").count() == 1
