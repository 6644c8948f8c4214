# Databricks notebook source
# MAGIC %md
# MAGIC # 03 Train
# MAGIC Train a candidate on the months of `periods.train`, measure it on `periods.validate`, and register it as challenger.

# COMMAND ----------

from databricks_utils.context import notebook_context
from databricks_utils.mlops import train
from databricks_utils.observability import report_model, report_note

from flights.training.late_arrival import late_arrival

context = notebook_context(dbutils)
training = train(spark, context, late_arrival(context))
print(training)

# COMMAND ----------

display(training.table())
display(training.figure())

# COMMAND ----------

report_note(training.skipped or training.unchanged)
for report in training.reports():
    report_model(**report)
