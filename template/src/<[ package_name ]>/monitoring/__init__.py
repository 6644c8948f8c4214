"""Is everything still as it should be: rows, scores, and whether a new model is due."""
