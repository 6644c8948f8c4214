# Databricks notebook source
# MAGIC %md
# MAGIC # 02 Transform silver and gold
# MAGIC Check new records, merge the valid ones into silver, and put the others into quarantine with their reasons. Then build gold.
# MAGIC
# MAGIC `mode=judge_again` checks the quarantined records again; `mode=rebuild` checks all of bronze again, with today's rules and code.

# COMMAND ----------

import pandas as pd
from databricks_utils.context import notebook_context

from flights.medallion import open_medallion

context = notebook_context(dbutils, mode="refine", accept_quarantined="", since="")
medallion = open_medallion(spark, context)

# COMMAND ----------

refined = medallion.run(**context.parameters)
display(pd.DataFrame(refined).drop(columns=["changed", "table"]))
print(*(item.advice for item in refined if item.advice), sep="\n")

# COMMAND ----------

medallion.derive()
accounts = medallion.account()
display(pd.DataFrame([{"source": account.source, **account.counts()} for account in accounts]))
print(*(account.advice for account in accounts if account.advice), sep="\n")
for account in accounts:
    account.balance()
