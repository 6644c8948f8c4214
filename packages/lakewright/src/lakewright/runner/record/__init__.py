"""The record of a run: results, `summary.json`, the run's folder; secrets are removed here."""
