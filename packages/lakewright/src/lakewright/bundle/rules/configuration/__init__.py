"""The project's configuration, `config/*.yaml`."""

CODES = range(801, 901)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
