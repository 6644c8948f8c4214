"""Shows a run: progress, the task table, the report, and commands to try next."""
