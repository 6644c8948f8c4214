"""Files: one key, name or resource twice."""
