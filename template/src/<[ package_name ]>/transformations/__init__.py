"""Bronze, silver, gold: pure functions from DataFrame to DataFrame, and one module that writes."""
