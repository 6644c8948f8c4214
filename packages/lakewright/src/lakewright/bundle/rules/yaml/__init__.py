"""YAML text."""

CODES = range(101, 121)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
