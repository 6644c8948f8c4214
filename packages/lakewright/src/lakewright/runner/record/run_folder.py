"""The folders of a project's runs, and the records in them."""

from __future__ import annotations

import contextlib
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from lakewright.runner.errors import RunnerError
from lakewright.runner.record.killed_runs import mark_killed
from lakewright.runner.record.run_id import run_id

RECORD_FILE = "summary.json"


class RunFolderError(RunnerError, OSError):
    """Raised when no folder can be created for a run."""

    __str__ = RunnerError.__str__


class RunFolders:
    """`.lakewright/runs/`.

    Args:
        state: The project's `.lakewright` folder.
    """

    def __init__(self, state: Path) -> None:
        self._runs = state / "runs"

    def new(self, moment: datetime) -> Path:
        """Create the folder of a new run, named by its id. It holds task values, so only its owner can read it."""
        self._runs.mkdir(parents=True, exist_ok=True)
        for again in range(1, 1000):
            folder = self._runs / run_id(moment, again=again)
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                return folder
        raise RunFolderError("no free name for a run", location=str(self._runs), fix="try again in a second")

    def point_latest(self, folder: Path) -> None:
        """Point the link `runs/latest` to a run."""
        link = self._runs / "latest"
        temporary = self._runs / f".latest.{os.getpid()}"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(folder.name)
        temporary.replace(link)

    def mark_killed(self) -> None:
        """Mark the runs whose runner was killed; the caller holds the run lock."""
        mark_killed(self._records())

    def summaries(self, job: str) -> list[dict[str, Any]]:
        """The records of earlier runs of a job, the newest first."""
        found = []
        for path in self._records():
            with contextlib.suppress(OSError, ValueError):
                record = json.loads(path.read_text(encoding="utf-8"))
                if isinstance(record, dict) and record.get("job") == job:
                    found.append(record)
        return found

    def _records(self) -> list[Path]:
        """The records of all runs, the newest first; `latest` is a link and does not count."""
        found = sorted(self._runs.glob(f"*/{RECORD_FILE}"), reverse=True)
        return [path for path in found if not path.parent.is_symlink()]
