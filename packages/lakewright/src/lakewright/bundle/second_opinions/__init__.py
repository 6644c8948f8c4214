"""What other programs say about the bundle, where they are installed: the Databricks CLI, and the types of `databricks-bundles`."""
