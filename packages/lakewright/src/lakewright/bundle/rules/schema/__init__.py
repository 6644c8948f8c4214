"""Fields and their types."""

CODES = range(301, 401)
