"""A project as it was at a git ref: its files, copied for as long as they are read."""
