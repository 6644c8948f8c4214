"""pytest fixtures and rows for the tests of a project."""
