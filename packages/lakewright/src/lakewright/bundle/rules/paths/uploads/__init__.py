"""Paths of what a deployment uploads."""
