"""The runner: a job of the resolved bundle, task by task, each in a process of its own."""
