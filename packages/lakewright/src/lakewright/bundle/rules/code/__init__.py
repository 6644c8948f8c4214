"""Code and wheels."""

CODES = range(701, 801)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
