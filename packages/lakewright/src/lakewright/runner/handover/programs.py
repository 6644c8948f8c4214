"""Names that a starter and the started process share: command, variables, title."""

from __future__ import annotations

import sys

# Without `-P` the folder that the process starts in would be the first to import from.
TASK_COMMAND = (sys.executable, "-P", "-m", "lakewright.runner.inside.task_process")
# Modules to import before the task is known, separated by spaces.
PRELOAD_VARIABLE = "LAKEWRIGHT_PRELOAD"
# The mark by which the processes of a task are found; children inherit it.
MARKER_VARIABLE = "LAKEWRIGHT_TASK_PROCESS"
# As long as a mark: the fork server overwrites it in the memory that `/proc/<pid>/environ` shows.
MARKER_PLACEHOLDER = "0" * 32
# The file to which `databricks_utils.observability.run_report` appends.
REPORT_VARIABLE = "LAKEWRIGHT_REPORT"
