"""Findings about a bundle: they are collected, silenced by comments, and printed."""
