"""What a person sees of a run: progress, the task table, the report, and what to try next."""
