"""The record of a run: results, `summary.json`, the run's folder, and the removal of secrets."""
