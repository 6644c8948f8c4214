# Databricks notebook source
# MAGIC %md
# MAGIC # 04 Batch scoring
# MAGIC The champion scores the months whose predictions are not complete.

# COMMAND ----------

from databricks_utils.context import notebook_context
from databricks_utils.observability import report_rows

from flights.scoring.predictions import score_pending

context = notebook_context(dbutils)

# COMMAND ----------

scored = score_pending(spark, context)
for month, flights in scored.items():
    print(f"{month:%Y-%m}: {flights:,} flights")

# COMMAND ----------

rows = sum(scored.values())
report_rows(rows_in=rows, rows_out=rows, tables=[context.table("gold", "predictions")])
