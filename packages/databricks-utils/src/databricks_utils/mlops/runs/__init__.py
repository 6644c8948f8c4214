"""MLflow runs: their stores, their tags, and their content."""
