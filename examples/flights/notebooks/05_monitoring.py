# Databricks notebook source
# MAGIC %md
# MAGIC # 05 Monitoring
# MAGIC What was predicted against what happened, month by month; and whether a new model is due.

# COMMAND ----------

from databricks_utils.context import notebook_context
from databricks_utils.observability import report_rows

from flights.monitoring.record import monitor
from flights.monitoring.retraining import advise

context = notebook_context(dbutils)

# COMMAND ----------

windows = monitor(spark, context)
print(f"{'month':8}{'rows':>8}{'score':>8}{'late':>8}{'AUC':>8}{'PSI':>8}  outside of its bounds")
for w in windows:
    numbers = (
        f"{w.count:>8,}{w.mean_score:>8.3f}{w.late_share:>8.3f}{w.roc_auc:>8.3f}{w.population_stability_index:>8.3f}"
    )
    print(f"{w.month:%Y-%m} {numbers}  {', '.join(w.violations)}")

# COMMAND ----------

rule = context.config.monitoring
advice = advise(windows, latest=rule.windows, violations=rule.violations)
print(f"retraining is {'due' if advice.due else 'not due'}: {advice.reason}")
dbutils.jobs.taskValues.set(key="retraining_due", value=advice.due)
tables = [context.table("ops", "profile_metrics"), context.table("ops", "drift_metrics")]
report_rows(rows_in=sum(w.count for w in windows), rows_out=2 * len(windows), tables=tables)
