"""Paths of notebooks, files and folders."""

CODES = range(401, 501)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
