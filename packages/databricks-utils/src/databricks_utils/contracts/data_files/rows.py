"""The rows of files as Spark reads them: of CSV all columns as text, with the lines that do not fit; of JSON and Parquet as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.contracts.data_files.column_names import column_names
from databricks_utils.contracts.data_files.finding import DataFiles
from databricks_utils.contracts.data_files.text_files import TextFile
from databricks_utils.contracts.errors import DataFileError
from databricks_utils.quoting import quote_part
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

CORRUPT = "__corrupt_line"
FILE = "__file"


@dataclass(frozen=True)
class FileRows:
    """The rows of files.

    Attributes:
        frame: Grain: one record, which is a line of a text file. The columns, then `__corrupt_line` (string: the whole line, if it
            does not fit; else NULL) and `__file` (string: the name of its file). There is no key.
        names: The columns.
        partial: Columns that some files lack, with the names of these files; their rows have NULL there.
        is_json: Whether they are those of JSON.
    """

    frame: DataFrame
    names: tuple[str, ...]
    partial: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_json: bool = False

    def renamed(self, names: Mapping[str, str]) -> FileRows:
        """Return the same rows with other names of columns.

        Args:
            names: Name in the files, in lower case → new name. Another column that has the new name already is marked as one of the files.
        """
        from pyspark.sql import functions as F

        there = {name.lower() for name in self.names} & names.keys()
        taken = {names[key].lower() for key in there}

        def new(name: str) -> str:
            other = f"{name} (in the files)" if name.lower() in taken else name
            return names.get(name.lower(), other)

        columns = [F.col(quote_part(name)).alias(new(name)) for name in self.names]
        partial = {new(name): files for name, files in self.partial.items()}
        frame = self.frame.select(*columns, CORRUPT, FILE)
        return FileRows(frame, tuple(map(new, self.names)), partial, self.is_json)


def csv_rows(spark: SparkSession, files: Sequence[TextFile], *, scheme: str = "") -> FileRows:
    """Read CSV files by the names in their headers; every column is text.

    Args:
        spark: A session, classic or Connect.
        files: The files, at least one; they may have different headers.
        scheme: What Spark needs before a path of this machine, e.g. `file:`.
    """
    from pyspark.sql import functions as F

    layouts = {file.path: column_names(file.header) for file in files}
    names: dict[str, str] = {}
    for layout in layouts.values():
        for name in layout:
            names.setdefault(name.lower(), name)

    def layout_of(file: TextFile) -> tuple[str, tuple[str, ...]]:
        return file.delimiter, layouts[file.path]

    frames = []
    for (delimiter, layout), group in groupby(sorted(files, key=layout_of), key=layout_of):
        lines = _positional(spark, [file.path for file in group], len(layout), delimiter, scheme)
        places = {name.lower(): f"_c{at}" for at, name in enumerate(layout)}
        columns = [
            (F.col(places[key]) if key in places else F.lit(None).cast("string")).alias(name)
            for key, name in names.items()
        ]
        frames.append(lines.select(*columns, CORRUPT, F.col("_metadata.file_name").alias(FILE)))
    partial = {
        name: tuple(path.name for path, layout in layouts.items() if key not in map(str.lower, layout))
        for key, name in names.items()
    }
    frame = reduce(lambda one, other: one.unionAll(other), frames)
    return FileRows(frame, tuple(names.values()), {name: lack for name, lack in partial.items() if lack})


def _positional(
    spark: SparkSession, paths: Sequence[Path], width: int, delimiter: str, scheme: str
) -> DataFrame:
    from pyspark.sql import types as T

    places = [f"_c{place}" for place in range(width)]
    schema = T.StructType([T.StructField(name, T.StringType()) for name in (*places, CORRUPT)])
    return spark.read.options(
        columnPruning=False
    ).csv(  # else a line's fields are not counted when few columns are used
        [f"{scheme}{path}" for path in paths],
        schema=schema,
        sep=delimiter,
        header=True,
        mode="PERMISSIVE",
        columnNameOfCorruptRecord=CORRUPT,
        encoding="UTF-8",
        escape='"',  # a quote inside a quoted field is doubled (RFC 4180); Spark's default is a backslash
    )


def json_rows(
    spark: SparkSession, files: DataFiles, *, scheme: str = "", schema: StructType | None = None
) -> FileRows:
    """Read files with a JSON object on each line.

    Args:
        spark: A session, classic or Connect.
        files: The files.
        scheme: What Spark needs before a path of this machine, e.g. `file:`.
        schema: The columns; by default those that Spark finds in all lines.

    Raises:
        DataFileError: Two keys of an object differ only in case, or no line has an object.
    """
    from pyspark.sql import functions as F
    from pyspark.sql import types as T

    paths = [f"{scheme}{file}" for file in files.files]
    wanted = T.StructType([*schema.fields, T.StructField(CORRUPT, T.StringType())]) if schema else None
    frame = _read(
        files,
        lambda: spark.read.json(paths, schema=wanted, columnNameOfCorruptRecord=CORRUPT, encoding="UTF-8"),
    )
    names = tuple(name for name in frame.columns if name != CORRUPT)
    if not names:
        raise DataFileError(
            "no line of the file is a JSON object",
            location=str(files.path),
            fix="put a JSON object on each line, without a comma behind it",
        )
    corrupt = F.col(CORRUPT) if CORRUPT in frame.columns else F.lit(None).cast("string").alias(CORRUPT)
    named = [F.col(quote_part(name)) for name in names]
    return FileRows(
        frame.select(*named, corrupt, F.col("_metadata.file_name").alias(FILE)), names, is_json=True
    )


def parquet_rows(spark: SparkSession, files: DataFiles, *, scheme: str = "") -> FileRows:
    """Read Parquet files; the columns are those of all files.

    Raises:
        DataFileError: A file is damaged, or two files have a column with different types.
    """
    from pyspark.sql import functions as F

    partitioned = any(file.parent != files.path for file in files.files) and files.path.is_dir()
    paths = [f"{scheme}{path}" for path in ((files.path,) if partitioned else files.files)]
    frame = _read(files, lambda: spark.read.option("mergeSchema", "true").parquet(*paths))
    names = tuple(frame.columns)
    nothing = F.lit(None).cast("string").alias(CORRUPT)
    named = [F.col(quote_part(name)) for name in names]
    return FileRows(frame.select(*named, nothing, F.col("_metadata.file_name").alias(FILE)), names)


def count_lines(rows: FileRows) -> tuple[int, int]:
    """Return the number of the rows, and of those that do not fit."""
    from pyspark.sql import functions as F

    # Spark must read a value beside the broken line; of JSON all of them, since it looks only at those that are asked for.
    values = [F.col(quote_part(name)) for name in rows.names]
    value = F.max(F.length(F.to_json(F.struct(*values)))) if rows.is_json else F.count(values[0])
    (row,) = rows.frame.agg(F.count("*").alias("n"), F.count(CORRUPT).alias("broken"), value).collect()
    return row["n"], row["broken"]


def _read(files: DataFiles, read: Callable[[], DataFrame]) -> DataFrame:
    try:
        frame = read()
        _ = frame.schema  # over Connect this asks Spark
    except spark_failures() as error:
        message = str(error).strip().partition("\n")[0]
        same = "COLUMN_ALREADY_EXISTS" in message
        raise DataFileError(
            f"Spark cannot read {files.path.name}",
            location=str(files.path),
            detail=message[:300],
            fix="two keys differ only in case: rename one of them"
            if same
            else "check that the files are whole, and that a column has the same type in all of them",
        ) from error
    return frame
