"""Schemas of one test run in a workspace or here: made before it, removed after it, and never those of the project.

A run has a schema prefix of its own, `test_<number>_` (`test_{{job.run_id}}_` in a job), so that two runs do not meet. The schemas of
a run that failed stay, so that it can be resumed (in a workspace: repaired); the next run drops them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from databricks_utils.catalog.layers import LAYERS
from databricks_utils.catalog.schemas import create_local_catalog, schemas_in
from databricks_utils.config.environment import LOCAL
from databricks_utils.context import Context
from databricks_utils.errors import DatabricksUtilsError
from databricks_utils.medallion.landing.samples import refuse_samples
from databricks_utils.quoting import literal, quote

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_PREFIX = re.compile(r"(?:\w+_)?test_\d+_")
_MARK = "Schema of a test run; it may be dropped."
_FAILED = "Schema of a failed test run; the next test run drops it. Models:"


class NotThrowAwayError(DatabricksUtilsError, PermissionError):
    """Raised when schemas that no test run has made would be used or dropped by one."""


def is_throw_away(context: Context) -> bool:
    """Return whether the schemas of a context belong to a test run, by their prefix."""
    return bool(_PREFIX.fullmatch(context.config.catalog.schema_prefix))


def create_throw_away_schemas(spark: SparkSession, context: Context) -> tuple[str, ...]:
    """Create the schemas of all layers and an empty landing volume, which gets no sample files.

    Schemas and models that failed test runs have left are dropped first, those of the same developer (the prefix before
    `test_<number>_`). In a workspace, the principal needs CREATE SCHEMA on the catalog. Everybody may read and write these schemas:
    each job of the pipeline runs as its own principal, and the bundle's grants are on its own schemas.

    Args:
        spark: A session of this environment.
        context: Its schema prefix ends with `test_<number>_`.

    Returns:
        The two-level names of the schemas.

    Raises:
        NotThrowAwayError: The prefix is not one of a test run, or a schema exists that no test run has made.
    """
    _check_prefix(context)
    if context.config.environment == LOCAL:
        create_local_catalog(spark, context.catalog.catalog)
    _drop_failed(spark, context)
    names, existing = _schemas(context), _existing(spark, context)
    for name in names:
        if name not in existing:
            spark.sql(f"CREATE SCHEMA {quote(name)} COMMENT {literal(_MARK)}")
        elif not _comment(spark, name).startswith(_MARK):
            raise NotThrowAwayError(
                f"test run: the schema {name} exists, and no test run has made it",
                location=name,
                fix="run the test with another `schema_prefix`, e.g. test_2_",
            )
    for name in names:
        spark.sql(f"GRANT ALL PRIVILEGES ON SCHEMA {quote(name)} TO `account users`")
    volume = f"{context.catalog.schema_name('landing')}.{context.config.storage.landing_volume}"
    spark.sql(f"CREATE VOLUME IF NOT EXISTS {quote(volume)}")
    refuse_samples(context.landing)
    return names


def keep_throw_away_schemas(
    spark: SparkSession, context: Context, *, models: Iterable[str] = ()
) -> tuple[str, ...]:
    """Keep the schemas of a failed test run until it is resumed with success, or until the next test run starts.

    Args:
        spark: A session of this environment.
        context: Its schema prefix ends with `test_<number>_`.
        models: Three-part names of the models that the run may have registered.

    Returns:
        The two-level names of the schemas.

    Raises:
        NotThrowAwayError: The prefix is not one of a test run.
    """
    _check_prefix(context)
    kept = _own(spark, context)
    for name in kept:
        spark.sql(f"COMMENT ON SCHEMA {quote(name)} IS {literal(' '.join((_FAILED, *models)))}")
    return kept


def drop_throw_away_schemas(
    spark: SparkSession, context: Context, *, models: Iterable[str] = ()
) -> tuple[str, ...]:
    """Drop the schemas of a test run with all that is in them, and its registered models with their runs.

    Args:
        spark: A session of this environment.
        context: Its schema prefix ends with `test_<number>_`.
        models: Three-part names of the models that the run may have registered.

    Returns:
        The two-level names of the dropped schemas. Those that do not exist, and those that no test run has made, are left out.

    Raises:
        NotThrowAwayError: The prefix is not one of a test run; nothing is dropped.
    """
    _check_prefix(context)
    for model in models:
        _delete_model(context, model)
    dropped = _own(spark, context)
    for name in dropped:
        spark.sql(f"DROP SCHEMA IF EXISTS {quote(name)} CASCADE")
    return dropped


def _own(spark: SparkSession, context: Context) -> tuple[str, ...]:
    """Return the schemas of a run that a test run has made."""
    return tuple(
        name for name in _existing(spark, context) if _comment(spark, name).startswith((_MARK, _FAILED))
    )


def _drop_failed(spark: SparkSession, context: Context) -> None:
    """Drop what failed test runs of the same developer have left."""
    catalog = context.catalog.catalog
    before = re.sub(r"test_\d+_$", "", context.config.catalog.schema_prefix)
    pattern = re.compile(rf"{re.escape(before.lower())}test_\d+_.+")
    models: set[str] = set()
    for schema in filter(pattern.fullmatch, schemas_in(spark, catalog)):
        name = f"{catalog}.{schema}"
        comment = _comment(spark, name)
        if comment.startswith(_FAILED):
            models.update(comment.removeprefix(_FAILED).split())
            spark.sql(f"DROP SCHEMA IF EXISTS {quote(name)} CASCADE")
    for model in sorted(models):
        _delete_model(context, model)


def _check_prefix(context: Context) -> None:
    if not is_throw_away(context):
        raise NotThrowAwayError(
            f"test run: the schema prefix `{context.config.catalog.schema_prefix}` is not one of a test run",
            detail=f"its schemas, e.g. {context.catalog.schema_name('bronze')}, may hold the data of the project",
            location="schema_prefix",
            fix="use a prefix that ends with `test_<number>_`; in a job: test_{{job.run_id}}_",
        )


def _schemas(context: Context) -> tuple[str, ...]:
    return tuple(context.catalog.schema_name(layer) for layer in LAYERS)


def _existing(spark: SparkSession, context: Context) -> list[str]:
    """Return those of the context's schemas that exist."""
    there = schemas_in(spark, context.catalog.catalog)
    return [name for name in _schemas(context) if name.split(".")[1].lower() in there]


def _comment(spark: SparkSession, schema: str) -> str:
    rows = spark.sql(f"DESCRIBE SCHEMA {quote(schema)}").collect()
    return next((str(row[1]) for row in rows if str(row[0]).lower() in {"comment", "description"}), "")


def _delete_model(context: Context, model: str) -> None:
    """Delete a registered model and the runs of its versions; nothing happens if there is no such model."""
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    from databricks_utils.mlops.runs.tracking import use_tracking

    use_tracking(context)
    client = MlflowClient()
    try:
        client.get_registered_model(model)
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return
        raise
    for version in client.search_model_versions(f"name='{model}'"):
        if version.run_id:
            client.delete_run(version.run_id)
    client.delete_registered_model(model)
