# Databricks notebook source
# MAGIC %md
# MAGIC # 02 Transform silver and gold
# MAGIC New records are judged; the valid ones are merged into silver, the others are in quarantine with their reasons. Then gold.

# COMMAND ----------

dbutils.widgets.text("env", "local")
dbutils.widgets.text("config_path", "")
dbutils.widgets.text("schema_prefix", "")
dbutils.widgets.text("git_sha", "unknown")

# COMMAND ----------

from dataclasses import asdict

from databricks_utils.observability import report_accounting, report_rows

from flights.context import open_context
from flights.monitoring.accounting import account, as_text, balance
from flights.transformations.walk import transform

context = open_context(
    env=dbutils.widgets.get("env"),
    config_path=dbutils.widgets.get("config_path"),
    schema_prefix=dbutils.widgets.get("schema_prefix"),
    git_sha=dbutils.widgets.get("git_sha"),
)

# COMMAND ----------

tables = transform(spark, context)

# COMMAND ----------

accounts = account(spark, context)
print(as_text(accounts))
for item in accounts:
    report_accounting(**asdict(item))
bronze, silver = (sum(getattr(item, layer) for item in accounts) for layer in ("bronze", "silver"))
report_rows(rows_in=bronze, rows_out=silver, tables=tables)

# COMMAND ----------

balance(accounts)
