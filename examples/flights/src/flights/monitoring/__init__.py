"""Check the results of the pipeline: rows, scores, and whether a new model is due."""
