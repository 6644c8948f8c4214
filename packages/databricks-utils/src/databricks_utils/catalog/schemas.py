"""Who makes schemas: locally this module, in a workspace Terraform (catalogs) and the bundle (schemas, volumes)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.catalog.errors import MissingSchemasError
from databricks_utils.catalog.identifiers import quote
from databricks_utils.catalog.layers import LAYER_DESCRIPTIONS, LAYERS
from databricks_utils.config.environment import LOCAL

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from databricks_utils.catalog.names import CatalogHelper
    from databricks_utils.config.model import EnvironmentConfig


def ensure(spark: SparkSession, catalog: CatalogHelper, config: EnvironmentConfig) -> tuple[str, ...]:
    """Make the schemas of all layers in environment `local`; elsewhere verify them. See `CatalogHelper.ensure_schemas`."""
    if config.environment == LOCAL:
        return _create(spark, catalog, config)
    return _verify(spark, catalog, config)


def _create(spark: SparkSession, catalog: CatalogHelper, config: EnvironmentConfig) -> tuple[str, ...]:
    spark.sql(f"CREATE CATALOG IF NOT EXISTS {quote(catalog.catalog)}")
    names = tuple(catalog.schema_name(layer) for layer in LAYERS)
    for layer, name in zip(LAYERS, names, strict=True):
        spark.sql(f"CREATE SCHEMA IF NOT EXISTS {quote(name)} COMMENT '{LAYER_DESCRIPTIONS[layer]}'")
    Path(catalog.volume_path(config.storage.landing_volume)).mkdir(parents=True, exist_ok=True)
    return names


def _verify(spark: SparkSession, catalog: CatalogHelper, config: EnvironmentConfig) -> tuple[str, ...]:
    names = tuple(catalog.schema_name(layer) for layer in LAYERS)
    there = _visible_schemas(spark, catalog, config)
    missing = [name for name in names if name.split(".")[1].lower() not in there]
    if missing:
        raise MissingSchemasError(
            f"catalog: {len(missing)} of {len(names)} schemas are missing in `{catalog.catalog}`, or this principal may not "
            "see them",
            detail="\n".join(f"missing: {name}" for name in missing),
            location=catalog.catalog,
            fix=f"databricks bundle deploy -t {config.environment}   (the bundle makes schemas and their grants)\n"
            "where they exist: give this principal USE SCHEMA in resources/*.schema.yml\n"
            "where only the prefix differs: catalog.schema_prefix must equal the bundle's",
        )
    return names


def _visible_schemas(spark: SparkSession, catalog: CatalogHelper, config: EnvironmentConfig) -> set[str]:
    from pyspark.errors import AnalysisException, PySparkException

    try:
        rows = spark.sql(f"SHOW SCHEMAS IN {quote(catalog.catalog)}").collect()
    except PySparkException as error:
        if not isinstance(error, AnalysisException) and "PERMISSION_DENIED" not in str(error):
            raise  # a lost connection says nothing about the catalog
        raise MissingSchemasError(
            f"catalog: there is no catalog `{catalog.catalog}`, or this principal may not use it",
            detail=str(error).strip().splitlines()[0],
            location=str(config.origin_of("catalog", "name") or catalog.catalog),
            fix="terraform -chdir=infra/terraform apply   (Terraform makes catalogs and their grants)\n"
            "where it exists: give this principal USE CATALOG there",
        ) from error
    return {str(row[0]).split(".")[-1].strip("`").lower() for row in rows}
