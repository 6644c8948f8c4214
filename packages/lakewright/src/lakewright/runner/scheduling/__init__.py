"""Scheduling a run: which task starts when, loops, jobs in jobs, retries and time limits. Knows no process."""
