"""Drops as rows of bronze: every column a string as in the file, and the origin of each row."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from flights.ingestion.landing import Inspection
from flights.ingestion.sources import Source


def _field(name: str, kind: T.DataType, comment: str) -> T.StructField:
    return T.StructField(name, kind, metadata={"comment": comment})


ORIGIN_COLUMNS = (
    _field("_source_file", T.StringType(), "Name of the file"),
    _field("_file_sha256", T.StringType(), "Hash of the file's bytes"),
    _field("_file_records", T.LongType(), "Records counted in the file before it was loaded"),
    _field("_row", T.LongType(), "Orders the rows of one ingestion as they stood in their files"),
    _field("_ingested_at", T.TimestampType(), "When the file was loaded; one value an ingestion"),
    _field("_corrupt_record", T.StringType(), "The whole line, where it does not fit the header"),
    _field("_extra", T.StringType(), "JSON of the columns that were not agreed"),
)


def bronze_schema(source: Source) -> T.StructType:
    """Return the columns of a bronze table; grain: one line of a file; key: `_file_sha256, _ingested_at, _row`."""
    return T.StructType([*(T.StructField(name, T.StringType()) for name in source.columns), *ORIGIN_COLUMNS])


def read_drops(
    spark: SparkSession, source: Source, inspections: Sequence[Inspection], *, ingested_at: datetime
) -> DataFrame:
    """Read files into the columns of bronze; no line is lost, a malformed one is kept in `_corrupt_record`.

    Args:
        spark: A session, classic or Connect.
        source: What the files hold.
        inspections: The files, at least one.
        ingested_at: The time given to all rows.

    Returns:
        One row a non-blank line below the headers, in the columns of `bronze_schema`.
    """

    def layout(inspection: Inspection) -> tuple[str, ...]:
        return inspection.header

    frames = [
        _read_layout(spark, source, header, list(files))
        for header, files in groupby(sorted(inspections, key=layout), key=layout)
    ]
    rows = frames[0]
    for frame in frames[1:]:
        rows = rows.unionByName(frame)
    stamped = rows.withColumn("_ingested_at", F.lit(ingested_at))
    return stamped.select(*bronze_schema(source).names)


def _read_layout(
    spark: SparkSession, source: Source, header: tuple[str, ...], files: Sequence[Inspection]
) -> DataFrame:
    """Read the files that share one header, by its names; Spark itself would go by position.

    The names become columns only at the end, since a header may hold any text: Spark's own names, none at all, backticks.
    """
    places = [f"_c{place}" for place in range(len(header))]
    schema = T.StructType([T.StructField(name, T.StringType()) for name in (*places, "_corrupt_record")])
    lines = spark.read.csv(
        [str(file.drop.path) for file in files],
        schema=schema,
        header=True,
        mode="PERMISSIVE",
        columnNameOfCorruptRecord="_corrupt_record",
        encoding="UTF-8",
    )
    delivered = {name: F.col(place).alias(name) for name, place in zip(header, places, strict=True)}
    extra = [column for name, column in delivered.items() if name not in source.columns]
    kept = F.to_json(F.struct(*extra)) if extra else F.lit(None).cast("string")
    origins = spark.createDataFrame(
        [(file.drop.path.name, file.drop.sha256, file.records) for file in files],
        "_source_file string, _file_sha256 string, _file_records bigint",
    )
    named = lines.select(
        *(delivered[name] for name in source.columns),
        "_corrupt_record",
        kept.alias("_extra"),
        F.col("_metadata.file_name").alias("_source_file"),
        F.monotonically_increasing_id().alias("_row"),
    ).join(F.broadcast(origins), "_source_file")
    return named.select(*(name for name in bronze_schema(source).names if name != "_ingested_at"))
