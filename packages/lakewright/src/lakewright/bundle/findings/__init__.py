"""Findings: they are collected, silenced by comments, and printed as text, JSON, SARIF or a page."""
