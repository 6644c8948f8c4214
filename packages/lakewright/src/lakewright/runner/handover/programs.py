"""Names that the runner and the processes that it starts share."""

from __future__ import annotations

import sys

# Without `-P`, imports would look into the current folder first.
TASK_COMMAND = (sys.executable, "-P", "-m", "lakewright.runner.inside.task_process")
# Modules to import ahead, separated by spaces.
PRELOAD_VARIABLE = "LAKEWRIGHT_PRELOAD"
# The file to which `databricks_utils.observability.run_report` appends.
REPORT_VARIABLE = "LAKEWRIGHT_REPORT"
