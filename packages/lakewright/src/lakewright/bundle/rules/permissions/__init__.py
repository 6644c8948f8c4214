"""Who may do what, and who runs it."""

CODES = range(521, 561)
