"""When runs start, and which one waits for which."""
