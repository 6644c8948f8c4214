"""Plans a run: the job, its tasks, their order and their values. Starts nothing."""
