"""What the runner hands to a task's process and what the process hands back; both sides import it."""
