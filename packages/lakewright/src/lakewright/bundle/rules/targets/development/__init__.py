"""Targets for development: who shares them, and what runs in them."""
