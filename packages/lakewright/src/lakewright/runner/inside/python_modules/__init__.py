"""The Python modules of a task's process: the project's own, those that only Databricks has, missing ones, a fresh start."""
