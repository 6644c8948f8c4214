"""The files of runs: one folder for each, a lock that admits one run at a time, the way back to an earlier one."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from lakewright.engine import locks
from lakewright.runner.errors import RunInProgressError
from lakewright.runner.handover.task_spec import write_json

_RUNNING = '"running"'
_KILLED = "the runner was killed, or the machine went down, before the run ended"


class RunFiles:
    """`<project>/.lakewright/`, seen by the runner.

    Args:
        project: The project's root.
    """

    def __init__(self, project: Path) -> None:
        self.state = project / ".lakewright"
        self.runs = self.state / "runs"

    def new_run(self, moment: datetime) -> Path:
        """Make the folder of a new run; its name sorts by time. Task values lie in it: it is its owner's alone."""
        self.runs.mkdir(parents=True, exist_ok=True)
        base = f"{moment:%Y%m%dT%H%M%S}"
        for number in range(1, 1000):
            folder = self.runs / (base if number == 1 else f"{base}-{number}")
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                return folder
        raise RunInProgressError(
            "no free name for a run", location=str(self.runs), fix="try again in a second"
        )

    def point_latest(self, folder: Path) -> None:
        """Let `runs/latest` lead to a run."""
        link = self.runs / "latest"
        temporary = self.runs / f".latest.{os.getpid()}"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(folder.name)
        temporary.replace(link)

    @contextlib.contextmanager
    def lock(self) -> Iterator[Path]:
        """Hold the project for one run; the operating system lets it go with the process.

        What a killed run left behind as `running` is set right by whoever holds the lock next.

        Raises:
            RunInProgressError: Another process holds it; its pid and its run are told.
        """
        path = self.state / "run.lock"
        note = self.state / "run.json"
        with locks.exclusive(path, timeout=0) as held:
            if not held:
                raise self._in_progress(path, note)
            self.close_killed()
            note.write_text(json.dumps({"pid": os.getpid()}), encoding="utf-8")
            yield note
            note.unlink(missing_ok=True)

    def close_killed(self) -> None:
        """Set records that still say `running` to `killed`: call it with the lock held, so that no run is under way."""
        for path in self._records():
            # A record that cannot be read or written is no reason to refuse the next run.
            with contextlib.suppress(OSError, ValueError):
                text = path.read_text(encoding="utf-8")
                record = json.loads(text) if _RUNNING in text else None
                if isinstance(record, dict) and record.get("status") == "running":
                    write_json(path, {**record, "status": "killed", "reason": _KILLED})

    def refuse_under_way(self) -> None:
        """Do nothing, unless a run is under way.

        Raises:
            RunInProgressError: One is.
        """
        path = self.state / "run.lock"
        if locks.holder(path) is not None:
            raise self._in_progress(path, self.state / "run.json")

    def _in_progress(self, path: Path, note: Path) -> RunInProgressError:
        pid = locks.holder(path)
        with contextlib.suppress(OSError, ValueError):
            run_id = json.loads(note.read_text(encoding="utf-8")).get("run_id", "?")
            return RunInProgressError(
                "a run of this project is under way",
                detail=f"run {run_id}, process {pid}",
                location=str(path),
                fix=f"wait for it, or end it: kill {pid}",
            )
        return RunInProgressError(
            "a run of this project is under way",
            location=str(path),
            fix=f"wait for it, or end it: kill {pid}",
        )

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
        """The files of all runs, the newest first; `latest` is not counted twice."""
        found = sorted(self.runs.glob("*/summary.json"), reverse=True)
        return [path for path in found if not path.parent.is_symlink()]
