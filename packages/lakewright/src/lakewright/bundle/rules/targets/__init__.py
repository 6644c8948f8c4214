"""Targets, modes and presets."""

CODES = range(501, 521)
