"""What stays warm: a process beside the engine that has done the slow imports, and forks tasks, commands and tests. See ADR 0016."""
