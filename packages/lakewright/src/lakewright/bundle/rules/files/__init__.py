"""Files of the bundle: includes, resources in several files."""

CODES = range(121, 161)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
