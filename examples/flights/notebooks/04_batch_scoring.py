# Databricks notebook source
# MAGIC %md
# MAGIC # 04 Batch scoring
# MAGIC The champion scores the months whose predictions are not complete.

# COMMAND ----------

dbutils.widgets.text("env", "local")
dbutils.widgets.text("config_path", "")
dbutils.widgets.text("schema_prefix", "")
dbutils.widgets.text("git_sha", "unknown")

# COMMAND ----------

from databricks_utils.observability import report_rows

from flights.context import open_context
from flights.scoring.predictions import score_pending

context = open_context(
    env=dbutils.widgets.get("env"),
    config_path=dbutils.widgets.get("config_path"),
    schema_prefix=dbutils.widgets.get("schema_prefix"),
    git_sha=dbutils.widgets.get("git_sha"),
)

# COMMAND ----------

scored = score_pending(spark, context)
for month, flights in scored.items():
    print(f"{month:%Y-%m}: {flights:,} flights")

# COMMAND ----------

rows = sum(scored.values())
report_rows(rows_in=rows, rows_out=rows, tables=[context.table("gold", "predictions")])
