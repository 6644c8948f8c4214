"""Files: the patterns of `include`."""
