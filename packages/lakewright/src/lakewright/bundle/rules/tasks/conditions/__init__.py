"""Single tasks: conditions, which compare two values."""
