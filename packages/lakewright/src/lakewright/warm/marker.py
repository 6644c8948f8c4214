"""The mark of a process: an environment variable by which it and what it starts can be found."""

# Child processes inherit it.
MARKER_VARIABLE = "LAKEWRIGHT_TASK_PROCESS"
# As long as a mark: it is overwritten in the memory behind `/proc/<pid>/environ`.
MARKER_PLACEHOLDER = "0" * 32
