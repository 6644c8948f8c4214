# Databricks notebook source
# MAGIC %md
# MAGIC # 04 Batch scoring
# MAGIC Score the months with incomplete predictions, with the champion.

# COMMAND ----------

from databricks_utils.context import notebook_context
from databricks_utils.mlops import score
from databricks_utils.observability import report_note, report_rows

from flights.training.late_arrival import late_arrival

context = notebook_context(dbutils)
scoring = score(spark, context, late_arrival(context))
print(scoring)

# COMMAND ----------

display(scoring.table())
display(scoring.figure())

# COMMAND ----------

report_note(scoring.skipped)
report_rows(rows_in=scoring.count, rows_out=scoring.count, tables=[scoring.prediction_table])
