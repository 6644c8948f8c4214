"""A task's session in classic mode: the JVM lives inside the task's process and owns the lakehouse meanwhile."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lakewright.engine.handle import CATALOG_VARIABLE, PRINCIPAL_VARIABLE
from lakewright.engine.session import open_classic_session


def open_task_session(project: Path) -> Any:
    """Open the session with the principal and the catalog of this task."""
    return open_classic_session(
        project,
        principal=os.environ.get(PRINCIPAL_VARIABLE),
        default_catalog=os.environ.get(CATALOG_VARIABLE),
    )
