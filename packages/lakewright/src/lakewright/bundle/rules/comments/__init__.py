"""Comments that silence findings."""

CODES = range(1, 21)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
