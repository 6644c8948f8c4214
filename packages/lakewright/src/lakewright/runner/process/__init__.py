"""Starts, watches, logs and ends the process of a task. Knows nothing of jobs."""
