"""Planning a run: which job, which tasks, in which order, with which values. Starts nothing."""
