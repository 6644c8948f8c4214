"""Bronze, silver and gold: pure functions from DataFrame to DataFrame."""
