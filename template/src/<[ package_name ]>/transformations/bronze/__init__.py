"""Bronze: the records as they were delivered, and where they came from."""
