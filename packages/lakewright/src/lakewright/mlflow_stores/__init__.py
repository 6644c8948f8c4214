"""MLflow's stores on this machine: where they are, and what `databricks` and `databricks-uc` mean in a local run."""
