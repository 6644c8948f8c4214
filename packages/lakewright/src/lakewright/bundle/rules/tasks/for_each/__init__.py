"""Single tasks: those that are repeated for each input."""
