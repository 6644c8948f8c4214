"""The graph of a job's tasks, and jobs that run each other."""

CODES = range(601, 621)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
