"""Metrics and drift of scores, and the tables that hold them."""
