"""Code and wheels."""

CODES = range(701, 801)
