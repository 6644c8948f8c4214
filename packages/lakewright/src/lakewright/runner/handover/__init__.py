"""What the runner and a task's process exchange; both import it."""
