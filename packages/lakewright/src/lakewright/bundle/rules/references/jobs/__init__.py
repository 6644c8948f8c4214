"""References to the values of a run: parameters of jobs, values of tasks."""
