"""Who may do what, and who runs it."""

CODES = range(521, 561)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
