"""Paths of notebooks and of files that are none."""
