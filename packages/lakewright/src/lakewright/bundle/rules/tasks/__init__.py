"""Single tasks: conditions, loops, compute, schedules."""

CODES = range(621, 701)
