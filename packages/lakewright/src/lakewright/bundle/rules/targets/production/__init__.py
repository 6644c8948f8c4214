"""Targets for production: where they are, and what they must not have."""
