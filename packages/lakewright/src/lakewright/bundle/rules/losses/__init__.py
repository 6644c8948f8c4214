"""What a deployment may delete."""

CODES = range(561, 581)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
