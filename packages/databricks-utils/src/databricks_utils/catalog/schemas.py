"""Create the schemas in environment `local`; check them in a workspace, where the bundle creates schemas, but no catalogs.

`CatalogHelper.ensure_schemas` is the public function; this module gets complete names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from databricks_utils.catalog.errors import MissingSchemasError, WorkspaceMetastoreError
from databricks_utils.catalog.layers import LAYER_DESCRIPTIONS
from databricks_utils.config.environment import LOCAL, detect_runtime
from databricks_utils.quoting import literal, quote
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def create_schemas(spark: SparkSession, catalog: str, schemas: Mapping[str, str], *, volume: str) -> None:
    """Create a catalog, its schemas and the landing volume, if they do not exist.

    Args:
        spark: A session of the local engine.
        catalog: Name of the catalog.
        schemas: Layer → two-level name of its schema.
        volume: Three-level name of the landing volume.

    Raises:
        WorkspaceMetastoreError: The session belongs to a workspace; nothing was created.
    """
    there = _local_schemas(spark, catalog)
    for layer, name in schemas.items():
        if name.split(".")[1].lower() in there:
            continue
        spark.sql(f"CREATE SCHEMA IF NOT EXISTS {quote(name)} COMMENT {literal(LAYER_DESCRIPTIONS[layer])}")
    spark.sql(f"CREATE VOLUME IF NOT EXISTS {quote(volume)}")


def _local_schemas(spark: SparkSession, catalog: str) -> set[str]:
    """Return the schemas of a local catalog; create the catalog if it does not exist."""
    from pyspark.errors import AnalysisException

    _refuse_workspace(spark, catalog)
    try:
        return schemas_in(spark, catalog)
    except AnalysisException:
        create_local_catalog(spark, catalog)
        return set()


def create_local_catalog(spark: SparkSession, catalog: str) -> None:
    """Create a catalog in the local lakehouse, if it does not exist; no other function creates one.

    Args:
        spark: A session of the local engine.
        catalog: Name of the catalog.

    Raises:
        WorkspaceMetastoreError: The session belongs to a workspace; nothing was created.
    """
    _refuse_workspace(spark, catalog)
    spark.sql(f"CREATE CATALOG IF NOT EXISTS {quote(catalog)}")


def verify_schemas(
    spark: SparkSession, catalog: str, schemas: Mapping[str, str], *, environment: str, origin: str
) -> None:
    """Check that a catalog and its schemas exist and are visible to this principal.

    Args:
        spark: A session of the workspace.
        catalog: Name of the catalog.
        schemas: Layer → two-level name of its schema.
        environment: Name of the environment, for the fix.
        origin: Where the catalog's name comes from, for the error.

    Raises:
        MissingSchemasError: The catalog or some schemas are missing, or not visible to this principal.
    """
    there = _visible_schemas(spark, catalog, origin)
    missing = [name for name in schemas.values() if name.split(".")[1].lower() not in there]
    if missing:
        raise MissingSchemasError(
            f"catalog: {len(missing)} of {len(schemas)} schemas are missing in `{catalog}`, or are not visible to this "
            "principal",
            detail="\n".join(f"missing: {name}" for name in missing),
            location=catalog,
            fix=f"databricks bundle deploy -t {environment}   (the bundle creates schemas and their grants)\n"
            "if they exist: give this principal USE SCHEMA in resources/*.schema.yml\n"
            "if only the prefix differs: set catalog.schema_prefix to the bundle's",
        )


def schemas_in(spark: SparkSession, catalog: str) -> set[str]:
    """Return the names of a catalog's schemas that this principal may see, in lower case."""
    rows = spark.sql(f"SHOW SCHEMAS IN {quote(catalog)}").collect()
    return {str(row[0]).split(".")[-1].strip("`").lower() for row in rows}


def _refuse_workspace(spark: SparkSession, catalog: str) -> None:
    """Raise if a session belongs to a workspace: in a job, in a notebook, or by Databricks Connect.

    Source: the SQL function `current_metastore()` exists only in a workspace
    (https://docs.databricks.com/aws/en/sql/language-manual/functions/current_metastore).
    """
    from pyspark.errors import AnalysisException

    runtime = detect_runtime()
    if not runtime.on_databricks:
        try:
            _ = spark.sql("SELECT current_metastore()").schema
        except AnalysisException:
            return
    raise WorkspaceMetastoreError(
        f"catalog: environment `{LOCAL}` would create the catalog `{catalog}` in a workspace",
        detail=f"this process runs on {runtime.value}, and its Spark session belongs to a workspace",
        fix="use the workspace's environment, e.g. `dev`; there the bundle creates schemas, and administrators create catalogs",
    )


def _visible_schemas(spark: SparkSession, catalog: str, origin: str) -> set[str]:
    from pyspark.errors import AnalysisException

    try:
        return schemas_in(spark, catalog)
    except spark_failures() as error:
        if not isinstance(error, AnalysisException) and "PERMISSION_DENIED" not in str(error):
            raise  # e.g. a lost connection, which does not mean that the catalog is missing
        raise MissingSchemasError(
            f"catalog: there is no catalog `{catalog}`, or this principal may not use it",
            detail=str(error).strip().splitlines()[0],
            location=origin,
            fix=f"CREATE CATALOG {quote(catalog)}   (needs CREATE CATALOG on the metastore; else ask its administrators)\n"
            f"if it exists: GRANT USE CATALOG ON CATALOG {quote(catalog)} TO `…`   (the principal of this job)",
        ) from error
