"""Where a task can run: on this machine, only in a workspace, or nowhere because it is broken."""
