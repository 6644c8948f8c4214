# Databricks notebook source
# MAGIC %md
# MAGIC # 03 Train
# MAGIC A candidate is trained on the months of `periods.train`, measured on `periods.validate`, and registered as challenger.

# COMMAND ----------

from databricks_utils.context import notebook_context
from databricks_utils.observability import report_model

from flights.training.train import train

context = notebook_context(dbutils)

# COMMAND ----------

trained = train(spark, context)
for candidate in trained:
    measured = ", ".join(f"{name} {value:.4f}" for name, value in candidate.metrics.items())
    print(f"{candidate.algorithm}: version {candidate.model.reference.version} as {candidate.alias}; {measured}")
    if not candidate.is_new:
        print("  the same model again: it scores every flight as that version does, so nothing was registered")

# COMMAND ----------

for candidate in trained:
    reference = candidate.model.reference
    report_model(reference.name, version=reference.version, aliases=[candidate.alias], metrics=candidate.metrics)
