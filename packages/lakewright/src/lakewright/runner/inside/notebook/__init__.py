"""Notebooks: files into cells, cells into code that runs."""
