"""Targets, modes and presets."""

CODES = range(501, 521)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
