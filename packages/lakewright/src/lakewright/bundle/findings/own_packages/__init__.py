"""Findings about our own packages: where a project takes them from, and whether its wheels are as locked."""
