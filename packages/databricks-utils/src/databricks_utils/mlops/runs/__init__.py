"""MLflow runs: where they are stored, which tags they carry, and what is logged in each."""
