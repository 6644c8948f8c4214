"""The DataFrame writers, version 1 and 2, under each state of the name."""

import pytest

pytestmark = pytest.mark.integration

ROWS = [(7, "x")]
SAME, OTHER, WIDER = "a int, p string", "z int, q string", "a int, p string, n int"


def frame(spark, schema):
    return spark.createDataFrame([(*row, 1) for row in ROWS] if schema == WIDER else ROWS, schema)


def save(mode, schema=SAME, by=(), into=False, **options):
    """Write by `saveAsTable`, or by `insertInto`."""

    def action(spark, side):
        writer = frame(spark, schema).write.mode(mode)
        writer = writer.options(**{key: side.text(text) for key, text in options.items()})
        if by:
            writer = writer.partitionBy(*by)
        writer.insertInto(side.t) if into else writer.saveAsTable(side.t)

    return action


def write(how, schema=SAME, *, by=None, cluster=None, where=None, properties=None, **options):
    """Write by `DataFrameWriterV2`."""

    def action(spark, side):
        from pyspark.sql import functions as F

        writer = frame(spark, schema).writeTo(side.t).options(**options)
        if by:
            writer = writer.partitionedBy(F.col(by))
        if cluster:
            writer = writer.clusterBy(cluster)
        for key, text in (properties or {}).items():
            writer = writer.tableProperty(key, side.text(text))
        getattr(writer, how)(*([F.expr(where)] if where else []))

    return action


TABLE, PARTITIONED, NOTHING, EXTERNAL, VIEW = (
    "a table",
    "a partitioned table",
    "nothing",
    "an external table",
    "a view",
)


@pytest.mark.parametrize(
    ("before", "action"),
    [
        pytest.param(before, action, id=f"{name}, {before}")
        for name, action, *states in [
            ("saveAsTable error", save("error"), NOTHING, TABLE),
            ("saveAsTable ignore", save("ignore", OTHER), TABLE),
            ("saveAsTable append", save("append"), NOTHING, PARTITIONED, EXTERNAL),
            ("saveAsTable append, other columns", save("append", OTHER), TABLE),
            ("saveAsTable append, merged columns", save("append", WIDER, mergeSchema="true"), TABLE),
            ("saveAsTable append, other partitions", save("append", by=["p"]), TABLE),
            ("saveAsTable overwrite", save("overwrite"), TABLE, PARTITIONED),
            ("saveAsTable overwrite, other columns", save("overwrite", OTHER), TABLE),
            (
                "saveAsTable overwrite, overwriteSchema",
                save("overwrite", OTHER, ["q"], overwriteSchema="true"),
                TABLE,
            ),
            ("saveAsTable overwrite, other partitions", save("overwrite", by=["p"]), TABLE),
            ("saveAsTable replaceWhere", save("overwrite", replaceWhere="a = 7 OR a = 1"), TABLE),
            ("saveAsTable replaceWhere, mismatch", save("overwrite", replaceWhere="a = 1"), TABLE),
            ("saveAsTable dynamic", save("overwrite", partitionOverwriteMode="dynamic"), PARTITIONED),
            ("saveAsTable path", save("append", path="{place}"), NOTHING, EXTERNAL),
            ("saveAsTable table property", save("overwrite", **{"delta.appendOnly": "true"}), NOTHING),
            ("saveAsTable user metadata", save("append", userMetadata="u"), TABLE),
            ("insertInto", save("append", into=True), PARTITIONED),
            ("insertInto overwrite", save("overwrite", into=True), TABLE),
            (
                "insertInto dynamic",
                save("overwrite", into=True, partitionOverwriteMode="dynamic"),
                PARTITIONED,
            ),
            ("insertInto replaceUsing", save("overwrite", into=True, replaceUsing="p"), TABLE),
            (
                "insertInto replaceOn",
                save("overwrite", into=True, replaceOn="t.a = 1", targetAlias="t"),
                PARTITIONED,
            ),
            ("saveAsTable replaceUsing", save("overwrite", replaceUsing="p"), TABLE),
            ("create", write("create", by="p", properties={"n": "2"}), NOTHING, TABLE),
            ("create clustered", write("create", cluster="a", properties={"comment": "c"}), NOTHING),
            ("create at a place", write("create", properties={"location": "{place}"}), NOTHING),
            ("replace", write("replace", OTHER, by="q"), TABLE, NOTHING),
            (
                "createOrReplace",
                write("createOrReplace", OTHER, properties={"n": "2"}),
                PARTITIONED,
                EXTERNAL,
            ),
            ("createOrReplace clustered", write("createOrReplace", cluster="a"), TABLE),
            ("append", write("append"), TABLE, NOTHING),
            ("append, merged columns", write("append", WIDER, mergeSchema="true"), TABLE),
            ("overwrite", write("overwrite", where="a = 1"), TABLE),
            ("overwritePartitions", write("overwritePartitions"), PARTITIONED),
        ]
        for before in states
    ],
)
def test_a_writer_leaves_what_it_leaves_in_deltas_own_catalog(compare, before, action):
    compare(before, action)


def test_save_as_table_in_mode_ignore_is_refused_over_a_view(compare):
    # Spark asks a catalog for tables alone; only its session catalog counts views among them.
    compare(VIEW, save("ignore", OTHER), {"error": ("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE", None)})
