"""References: `${…}` and `{{…}}`."""

CODES = range(221, 261)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
