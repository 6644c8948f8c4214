"""Lineage of the local engine: read its events, follow a table or a column up and down, and show what was found."""
