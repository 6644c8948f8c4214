"""Fields and their types."""

CODES = range(301, 401)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
