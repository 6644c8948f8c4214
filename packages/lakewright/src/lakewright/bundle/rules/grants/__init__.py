"""Grants on catalogs, schemas, volumes and models, which `lakewright grants check` looks at."""

CODES = range(901, 941)
RETIRED: frozenset[int] = frozenset()  # numbers of rules that are gone; none is used again
