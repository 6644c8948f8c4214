"""Classic mode: a task's JVM lives inside the task's process and owns the lakehouse meanwhile."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakewright.engine.classic import open_classic_session
from lakewright.engine.variables import MODE_VARIABLE, PRINCIPAL_VARIABLE, PROJECT_VARIABLE
from lakewright.interactive import engine_settings


@dataclass(frozen=True)
class ClassicEngine:
    """What a run has instead of an engine: nothing runs between tasks, so there is nothing that could die."""

    project: Path
    pid: int = 0

    def environment(self, principal: str | None = None) -> dict[str, str]:
        """Tell a task who it is and which lakehouse it opens."""
        found = {
            PROJECT_VARIABLE: str(self.project),
            MODE_VARIABLE: "classic",
            PRINCIPAL_VARIABLE: principal,
        }
        return {name: value for name, value in found.items() if value is not None}

    def is_alive(self) -> bool:
        """Say yes."""
        return True


def open_task_session(project: Path) -> Any:
    """Open the session with the settings of the project and the principal of this task."""
    return open_classic_session(
        project, settings=engine_settings(project), principal=os.environ.get(PRINCIPAL_VARIABLE)
    )
