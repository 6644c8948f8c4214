"""Runs of the Databricks CLI, wherever its answer is needed."""
