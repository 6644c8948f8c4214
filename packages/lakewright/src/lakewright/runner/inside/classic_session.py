"""Classic mode: the session of a task, whose JVM lives inside the task's process and owns the lakehouse meanwhile."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lakewright.engine.classic import open_classic_session
from lakewright.engine.environment_variables import PRINCIPAL_VARIABLE
from lakewright.project_session import engine_settings


def open_task_session(project: Path) -> Any:
    """Open a session with the settings of the project and the principal of this task."""
    return open_classic_session(
        project, settings=engine_settings(project), principal=os.environ.get(PRINCIPAL_VARIABLE)
    )
