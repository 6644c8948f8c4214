# Databricks notebook source
# MAGIC %md
# MAGIC # 02 Transform silver and gold
# MAGIC Check new records, merge the valid ones into silver, and put the others into quarantine with their reasons. Then build gold.
# MAGIC If the records are not accepted, `alerts.webhook_url` of the configuration gets a report.
# MAGIC If neither data, code nor configuration have changed since the last transformation, there is nothing to do.
# MAGIC
# MAGIC `mode=judge_again` checks the quarantined records again; `mode=rebuild` checks all of bronze again, with today's rules and code.

# COMMAND ----------

import pandas as pd
from databricks_utils.context import notebook_context
from databricks_utils.quality import alerting

from flights.medallion import open_medallion

context = notebook_context(dbutils, mode="refine", accept_quarantined="", since="")
medallion = open_medallion(spark, context)

# COMMAND ----------

with alerting(spark, context, dbutils=dbutils):
    transformed = medallion.transform(**context.parameters)
display(pd.DataFrame(transformed.refined).drop(columns=["changed", "failed", "table"]))

# COMMAND ----------

display(pd.DataFrame([{"source": account.source, **account.counts()} for account in transformed.accounts]))
print(transformed)
dbutils.jobs.taskValues.set(key="quality", value=transformed.quality)  # passed, warned or quarantined
transformed.balance()
