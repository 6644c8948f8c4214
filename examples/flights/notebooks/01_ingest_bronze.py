# Databricks notebook source
# MAGIC %md
# MAGIC # 01 Ingest bronze
# MAGIC Load the landing files into bronze, unchanged. Files that were loaded before are skipped.

# COMMAND ----------

import pandas as pd
from databricks_utils.context import notebook_context

from flights.medallion import open_medallion
from flights.settings import FlightsSettings

context = notebook_context(dbutils)
medallion = open_medallion(spark, context)

# COMMAND ----------

if samples := context.config.extra_as(FlightsSettings).sample_drops:
    delivered = medallion.deliver(context.root / samples)
    print(f"{len(delivered)} sample files delivered to {context.landing}")

# COMMAND ----------

ingested = medallion.ingest()
display(pd.DataFrame(ingested).drop(columns="advice"))
print(*(f"{item.source}: {item.advice}" for item in ingested if item.advice), sep="\n")
