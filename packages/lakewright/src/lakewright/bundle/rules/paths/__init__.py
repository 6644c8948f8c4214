"""Paths of notebooks, files and folders."""

CODES = range(401, 501)
