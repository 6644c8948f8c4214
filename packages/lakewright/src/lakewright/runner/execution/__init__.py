"""Runs the code of tasks: builds the spec of a task's process, starts it, and turns its exit into a result."""
