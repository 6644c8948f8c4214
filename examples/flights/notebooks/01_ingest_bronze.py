# Databricks notebook source
# MAGIC %md
# MAGIC # 01 Ingest bronze
# MAGIC Landing files become rows of bronze, as they were delivered. A drop that was loaded before adds nothing.

# COMMAND ----------

dbutils.widgets.text("env", "local")
dbutils.widgets.text("config_path", "")
dbutils.widgets.text("schema_prefix", "")
dbutils.widgets.text("git_sha", "unknown")

# COMMAND ----------

from databricks_utils.observability import report_rows

from flights.context import open_context
from flights.ingestion.delivery import deliver
from flights.ingestion.load import ingest

context = open_context(
    env=dbutils.widgets.get("env"),
    config_path=dbutils.widgets.get("config_path"),
    schema_prefix=dbutils.widgets.get("schema_prefix"),
    git_sha=dbutils.widgets.get("git_sha"),
)
context.catalog.ensure_schemas(spark)

# COMMAND ----------

if context.settings.sample_drops:
    delivered = deliver(context.root / context.settings.sample_drops, context.landing)
    print(f"{len(delivered)} sample drops delivered to {context.landing}")

# COMMAND ----------

loaded = ingest(spark, context)
for source in loaded:
    print(
        f"{source.source:10} {source.files:3} new files, {source.records:7,} records; {source.known} files were known"
    )
    if source.unknown_columns:
        names = ", ".join(name or "(no name)" for name in source.unknown_columns)
        print(f"{'':10} columns that are new are kept in `_extra`: {names}")

# COMMAND ----------

records = sum(source.records for source in loaded)
report_rows(rows_in=records, rows_out=records, tables=[context.table("bronze", source.source) for source in loaded])
