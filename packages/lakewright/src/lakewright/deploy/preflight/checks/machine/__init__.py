"""What this machine brings: the version of the Databricks CLI, the versions of libraries."""
