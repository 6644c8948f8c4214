"""What the runner gives to a task's process and what it gets back; both sides import it."""
