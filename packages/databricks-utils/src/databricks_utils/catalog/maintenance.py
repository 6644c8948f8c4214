"""Keep tables small and fast: cluster them, join small files, and delete files that no version within the retention needs.

In a workspace, predictive optimization may do the same for managed tables; then the job is not needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.catalog.commits import committing
from databricks_utils.catalog.errors import ClusteringError
from databricks_utils.catalog.layers import LAYERS
from databricks_utils.catalog.names import CatalogHelper
from databricks_utils.quoting import literal, quote, quote_part
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import Row, SparkSession

    from databricks_utils.config import MaintenanceSection

_AT_A_TIME = 4
_DELETED_FILES = "delta.deletedFileRetentionDuration"
_LOG = "delta.logRetentionDuration"
# How long Delta keeps its log without the property. A version can be read only while its log and its files are there.
# Source: https://docs.databricks.com/aws/en/delta/history
_DEFAULT_LOG_HOURS = 30 * 24
_DENIED = ("PERMISSION_DENIED", "INSUFFICIENT_PERMISSIONS")


@dataclass(frozen=True)
class MaintainedTable:
    """What was done to a table.

    Attributes:
        name: Its three-part name.
        cluster_by: The columns that it is clustered by; empty if it is not clustered.
        removed: Number of files that OPTIMIZE replaced.
        added: Number of files that it wrote in their place.
        left_to_owner: The statement that sets the clustering, if only the table's owner may run it; else empty.
    """

    name: str
    cluster_by: tuple[str, ...]
    removed: int
    added: int
    left_to_owner: str = ""

    def __str__(self) -> str:
        clustered = f", clustered by {', '.join(self.cluster_by)}" if self.cluster_by else ""
        done = f"{self.removed} files became {self.added}" if self.removed else "no file to join"
        left = (
            f"; not clustered, because only its owner may run: {self.left_to_owner}"
            if self.left_to_owner
            else ""
        )
        return f"{self.name}: {done}{clustered}{left}"


@dataclass(frozen=True)
class Maintenance:
    """What was done to the tables of a project.

    Attributes:
        tables: The tables, by name.
        missing: Tables that `maintenance.cluster_by` names and that do not exist.
    """

    tables: tuple[MaintainedTable, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        """Return one line for each table."""
        absent = [f"{name}: named in `maintenance.cluster_by`, but does not exist" for name in self.missing]
        return "\n".join([*map(str, self.tables), *absent]) or "there are no tables yet"


def project_tables(spark: SparkSession, catalog: CatalogHelper) -> tuple[str, ...]:
    """Return the three-part names of the project's Delta tables in all layers, without views, by name.

    Args:
        spark: A session that may read the catalog's `information_schema`.
        catalog: The project's names.
    """
    from pyspark.sql import functions as F

    schemas = [catalog.schema_name(layer).split(".")[1].lower() for layer in LAYERS]
    listed = spark.table(f"{quote_part(catalog.catalog)}.information_schema.tables").where(
        F.lower("table_schema").isin(schemas)
        & F.col("table_type").isin("MANAGED", "EXTERNAL")
        & (F.upper("data_source_format") == "DELTA")
    )
    rows = listed.select("table_schema", "table_name").collect()
    return tuple(sorted(f"{catalog.catalog}.{row[0]}.{row[1]}" for row in rows))


def maintain(spark: SparkSession, catalog: CatalogHelper, settings: MaintenanceSection) -> Maintenance:
    """Cluster, optimize and vacuum each table of the project; a second call finds nothing to do.

    No row changes. The retention becomes a property of each table, which every VACUUM obeys, also that of predictive optimization.
    Run it while no step writes: of an OPTIMIZE and a MERGE at the same time, Delta refuses the one that commits later.

    Args:
        spark: A session that may change the tables.
        catalog: The project's names.
        settings: Retention and clustering, from the configuration.

    Raises:
        UnknownLayerError: `cluster_by` names a layer that does not exist.
        ClusteringError: A table to cluster is partitioned, or lacks a column.
        ConcurrentWriteError: A step wrote at the same moment.

    Source: https://docs.databricks.com/aws/en/delta/clustering, https://docs.databricks.com/aws/en/delta/vacuum
    """
    wanted = {
        catalog.table_name(*name.split(".", 1)).lower(): columns
        for name, columns in settings.cluster_by.items()
    }
    names = project_tables(spark, catalog)
    missing = tuple(sorted(set(wanted) - {name.lower() for name in names}))

    def of(name: str) -> MaintainedTable:
        return maintain_table(spark, name, settings.retention_hours, cluster_by=wanted.get(name.lower(), ()))

    with ThreadPoolExecutor(max_workers=_AT_A_TIME) as pool:
        return Maintenance(tuple(pool.map(of, names)), missing)


def maintain_table(
    spark: SparkSession, name: str, retention_hours: int, *, cluster_by: Sequence[str] = ()
) -> MaintainedTable:
    """Cluster, optimize and vacuum one table; see `maintain`.

    Who may not change the clustering optimizes and vacuums all the same: MODIFY is enough for these, the clustering is the owner's.

    Args:
        spark: A session that may change the table.
        name: Its three-part name.
        retention_hours: Hours for which deleted files stay; Delta refuses less than 168.
        cluster_by: The columns to cluster by; empty: the clustering stays as it is.
    """
    quoted = quote(name)
    detail = spark.sql(f"DESCRIBE DETAIL {quoted}").collect()[0]
    _set_retention(spark, quoted, detail["properties"], retention_hours)
    left = _set_clustering(spark, quoted, detail, cluster_by)
    with committing(name):
        metrics = spark.sql(f"OPTIMIZE {quoted}").collect()[0]["metrics"]
    # A VACUUM makes two commits, also if it deletes nothing, after which each reader of the table would work once more.
    if not spark.sql(f"VACUUM {quoted} DRY RUN").isEmpty():
        spark.sql(f"VACUUM {quoted}").collect()
    standing = tuple(detail["clusteringColumns"] or ())
    clustered = standing if left else tuple(cluster_by) or standing
    return MaintainedTable(
        name, clustered, int(metrics["numFilesRemoved"]), int(metrics["numFilesAdded"]), left
    )


def _set_retention(spark: SparkSession, quoted: str, properties: Mapping[str, str], hours: int) -> None:
    wanted = {_DELETED_FILES: f"interval {hours} hours"}
    if hours > _DEFAULT_LOG_HOURS:
        wanted[_LOG] = f"interval {hours} hours"
    if wanted.items() <= properties.items():
        return
    listed = ", ".join(f"{literal(key)} = {literal(value)}" for key, value in wanted.items())
    with committing(quoted):
        spark.sql(f"ALTER TABLE {quoted} SET TBLPROPERTIES ({listed})")


def _set_clustering(spark: SparkSession, quoted: str, detail: Row, columns: Sequence[str]) -> str:
    """Set the clustering; return the statement if the principal may not run it, else an empty text."""
    if not columns or list(columns) == list(detail["clusteringColumns"] or ()):
        return ""
    _check_clustering(quoted, columns, spark.table(quoted).columns, detail["partitionColumns"])
    statement = f"ALTER TABLE {quoted} CLUSTER BY ({', '.join(map(quote_part, columns))})"
    try:
        with committing(quoted):
            spark.sql(statement)
    except spark_failures() as error:
        if not any(word in str(error) for word in _DENIED):
            raise
        return statement
    return ""


def _check_clustering(
    table: str, columns: Sequence[str], present: Iterable[str], partitions: Sequence[str]
) -> None:
    if partitions:
        raise ClusteringError(
            f"maintenance: {table} is partitioned by {', '.join(partitions)}, so it cannot be clustered",
            location=table,
            fix="remove the table from `maintenance.cluster_by`, or make it anew without partitions",
        )
    known = set(present)
    unknown = [name for name in columns if name not in known]
    if unknown:
        raise ClusteringError(
            f"maintenance: {table} has no column {', '.join(f'`{name}`' for name in unknown)} to cluster by",
            detail=f"its columns: {', '.join(sorted(known))}",
            location=table,
            fix="correct `maintenance.cluster_by` in the configuration",
        )
