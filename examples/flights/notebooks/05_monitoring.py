# Databricks notebook source
# MAGIC %md
# MAGIC # 05 Monitoring
# MAGIC Compare predictions with outcomes, month by month, and decide whether a new model is due.

# COMMAND ----------

from databricks_utils.context import notebook_context
from databricks_utils.mlops import monitor
from databricks_utils.observability import report_note, report_rows

from flights.training.late_arrival import late_arrival

context = notebook_context(dbutils)
monitoring = monitor(spark, context, late_arrival(context))
print(monitoring)

# COMMAND ----------

display(monitoring.table())
display(monitoring.figure())

# COMMAND ----------

dbutils.jobs.taskValues.set(key="retraining_due", value=monitoring.advice.due)
windows = () if monitoring.unchanged else monitoring.windows
report_note(monitoring.skipped or monitoring.unchanged)
report_rows(rows_in=sum(w.count for w in windows), rows_out=2 * len(windows), tables=monitoring.tables)
