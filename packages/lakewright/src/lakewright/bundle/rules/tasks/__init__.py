"""Single tasks: conditions, loops, compute, schedules."""

CODES = range(621, 701)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
