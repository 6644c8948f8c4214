"""References in places that take none, or not such a value."""
