"""References to resources and their fields."""
