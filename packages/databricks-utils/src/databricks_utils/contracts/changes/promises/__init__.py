"""What becomes of single promises: types, values, checks, service levels."""
