"""Variables of the bundle."""

CODES = range(201, 221)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
