"""Checks that a deployment stands behind: left out, or without a consequence."""
