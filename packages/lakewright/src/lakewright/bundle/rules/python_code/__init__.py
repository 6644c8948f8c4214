"""Resources that Python code defines or changes."""

CODES = range(161, 181)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
