"""A run's record, read back from its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lakewright.runner.errors import RunnerError
from lakewright.runner.record.run_folder import RECORD_FILE


class NoRecordError(RunnerError, LookupError):
    """Raised when a run has no record that can be read."""

    __str__ = RunnerError.__str__


def read_record(state: Path, run: str | None = None) -> dict[str, Any]:
    """Return the record of a run.

    Args:
        state: The project's `.lakewright` folder.
        run: The id of the run; without it, the last one.

    Raises:
        NoRecordError: There is no such run, or its record cannot be read.
    """
    runs = state / "runs"
    if run is not None and Path(run).name != run:
        raise NoRecordError(f"`{run}` is no id of a run", fix=f"see the folders of the runs: ls {runs}")
    file = runs / (run or "latest") / RECORD_FILE
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoRecordError(
            f"there is no run {run}" if run else "nothing has been run here yet",
            location=str(file),
            fix=f"see the folders of the runs: ls {runs}"
            if run
            else "run a job: lakewright run main_pipeline",
        ) from error
    except (OSError, ValueError) as error:
        raise NoRecordError(
            "the record of the run cannot be read",
            detail=str(error),
            location=str(file),
            fix="run the job again",
        ) from error
    if not isinstance(record, dict):
        raise NoRecordError("the record of the run is not one", location=str(file), fix="run the job again")
    return record
