"""From one attempt of a task to a process, and from its exit to a result."""
