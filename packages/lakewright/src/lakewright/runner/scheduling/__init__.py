"""Schedules a run: order of the tasks, loops, called jobs, retries, time limits. Starts no process itself."""
