"""YAML text."""

CODES = range(101, 121)
