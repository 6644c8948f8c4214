"""The graph of a job's tasks, and jobs that run each other."""

CODES = range(601, 621)
