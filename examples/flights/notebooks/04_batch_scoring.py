# Databricks notebook source
# MAGIC %md
# MAGIC # 04 Batch scoring
# MAGIC Predict each flight that has no prediction, with the champion. Predictions are a log: none is changed or deleted.
# MAGIC
# MAGIC `rescore=2013-11,2013-12` or `rescore=all`: the champion also predicts the flights of these months that another version predicted
# MAGIC last, as new rows.

# COMMAND ----------

from databricks_utils.context import notebook_context
from databricks_utils.mlops import score
from databricks_utils.observability import report_note, report_rows

from flights.training.late_arrival import late_arrival

context = notebook_context(dbutils, rescore="")
scoring = score(spark, context, late_arrival(context), rescore=context.parameters["rescore"])
print(scoring)

# COMMAND ----------

display(scoring.table())
display(scoring.figure())

# COMMAND ----------

report_note(scoring.skipped or scoring.unchanged)
report_rows(rows_in=scoring.count, rows_out=scoring.count, tables=[scoring.prediction_table])
