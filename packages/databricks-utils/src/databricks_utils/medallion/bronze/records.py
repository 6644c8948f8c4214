"""The rows of bronze: every column as text, as in the file, and the origin of the row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from databricks_utils.catalog.tables import ensure_table
from databricks_utils.medallion.declaring.drift import HEADER, Drift
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.landing.inspection import Inspection

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import StructType

_ORIGINS = {
    "_source_file": ("string", "Name of the file"),
    "_file_sha256": ("string", "Hash of the file's bytes"),
    "_file_records": ("bigint", "Records counted in the file before it was loaded"),
    "_row": ("bigint", "The order of the rows of one ingestion, as in their files"),
    "_ingested_at": ("timestamp", "When the file was loaded; the same for all rows of an ingestion"),
    "_corrupt_record": ("string", "The whole line, if it does not fit the header"),
    "_extra": ("string", "JSON of the columns that the source does not declare"),
}
_HEADER = {HEADER: ("array<string>", "The names in the header of the file, in lower case")}
ROW_KEY = ("_file_sha256", "_ingested_at", "_row")


def bronze_schema(source: Source) -> StructType:
    """Return the columns of a bronze table; grain: one line of a file; key: `_file_sha256, _ingested_at, _row`."""
    from pyspark.sql import types as T

    kinds = {
        "string": T.StringType(),
        "bigint": T.LongType(),
        "timestamp": T.TimestampType(),
        "array<string>": T.ArrayType(T.StringType()),
    }
    given = [T.StructField(name, T.StringType()) for name in source.columns]
    origins = [
        T.StructField(name, kinds[kind], metadata={"comment": comment})
        for name, (kind, comment) in _origins(source).items()
    ]
    return T.StructType([*given, *origins])


def _origins(source: Source) -> dict[str, tuple[str, str]]:
    return _ORIGINS | _HEADER if source.drift is Drift.QUARANTINE else _ORIGINS


def ensure_bronze(spark: SparkSession, table: str, source: Source) -> bool:
    """Create the bronze table of a source, or add the declared columns that it lacks; return whether it did not exist."""
    return ensure_table(spark, table, bronze_schema(source), comment=f"{source.comment}, as delivered")


def records(bronze: DataFrame, source: Source) -> DataFrame:
    """Return the rows of bronze in the columns that the source declares now.

    A column that was declared after a file was loaded is read from `_extra`, also if the table lacks it until the next ingestion.

    Args:
        bronze: Rows of the source's bronze table.
        source: The source.

    Returns:
        Grain and key of bronze; its columns, in the order of `bronze_schema`.
    """
    from pyspark.sql import functions as F

    there = set(bronze.columns)

    delivered = dict(zip(source.columns, source.header, strict=True))

    def kept(name: str) -> Column:
        if delivered[name] == name:
            extra = F.get_json_object("_extra", f"$['{name}']")
        else:  # a path of JSON cannot name every header
            extra = F.from_json("_extra", "map<string, string>")[delivered[name]]
        return (F.coalesce(F.col(name), extra) if name in there else extra).alias(name)

    def origin(name: str, kind: str) -> Column:
        return F.col(name) if name in there else F.lit(None).cast(kind).alias(name)

    origins = (origin(name, kind) for name, (kind, _) in _origins(source).items())
    return bronze.select(*(kept(name) for name in source.columns), *origins)


def read_drops(
    spark: SparkSession, source: Source, inspections: Sequence[Inspection], *, ingested_at: datetime
) -> DataFrame:
    """Read files into the columns of bronze; a malformed line is kept in `_corrupt_record`.

    Args:
        spark: A session, classic or Connect.
        source: What the files hold.
        inspections: At least one file.
        ingested_at: The time given to all rows.

    Returns:
        One row for each non-blank line below a header, in the columns of `bronze_schema`.
    """
    from pyspark.sql import functions as F

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
    """Read files with the same header by its names; Spark alone would read them by position.

    The names become columns only at the end, because a header may contain any text: Spark's own names, nothing, backticks.
    """
    from pyspark.sql import functions as F
    from pyspark.sql import types as T

    places = [f"_c{place}" for place in range(len(header))]
    schema = T.StructType([T.StructField(name, T.StringType()) for name in (*places, "_corrupt_record")])
    lines = spark.read.csv(
        [str(file.drop.path) for file in files],
        schema=schema,
        header=True,
        mode="PERMISSIVE",
        columnNameOfCorruptRecord="_corrupt_record",
        encoding="UTF-8",
        escape='"',  # a quote inside a quoted field is doubled (RFC 4180); Spark's default is a backslash
    )
    delivered = {name: F.col(place).alias(name) for name, place in zip(header, places, strict=True)}
    extra = [column for name, column in delivered.items() if name not in source.header]
    nothing = F.lit(None).cast("string")
    kept = F.to_json(F.struct(*extra)) if extra else nothing
    named = lines.select(
        *(
            delivered.get(given, nothing).alias(name)
            for name, given in zip(source.columns, source.header, strict=True)
        ),
        "_corrupt_record",
        kept.alias("_extra"),
        F.col("_metadata.file_name").alias("_source_file"),
        F.monotonically_increasing_id().alias("_row"),
    )
    if source.drift is Drift.QUARANTINE:
        named = named.withColumn(HEADER, F.array(*map(F.lit, header)))
    described = _with_origins(spark, named, files)
    return described.select(*(name for name in bronze_schema(source).names if name != "_ingested_at"))


def _with_origins(spark: SparkSession, lines: DataFrame, files: Sequence[Inspection]) -> DataFrame:
    """Add the hash and the number of records of each line's file; for one file without a join, which is a job of its own."""
    from pyspark.sql import functions as F

    if len(files) == 1:
        (file,) = files
        return lines.withColumns(
            {"_file_sha256": F.lit(file.drop.sha256), "_file_records": F.lit(file.records).cast("bigint")}
        )
    origins = spark.createDataFrame(
        [(file.drop.path.name, file.drop.sha256, file.records) for file in files],
        "_source_file string, _file_sha256 string, _file_records bigint",
    )
    return lines.join(F.broadcast(origins), "_source_file")
