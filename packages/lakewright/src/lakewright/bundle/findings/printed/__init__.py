"""Findings as text, JSON or SARIF, and the page of a rule."""
