"""Comments that silence findings."""

CODES = range(1, 21)
