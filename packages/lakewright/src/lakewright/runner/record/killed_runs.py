"""Marks the records of runs whose runner was killed: a dead runner could not write its own end."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path

from lakewright.runner.handover.json_files import write_json

_RUNNING = '"running"'
_KILLED = "the runner was killed, or the machine went down, before the run ended"


def mark_killed(records: Iterable[Path]) -> None:
    """Set records that still have the status `running` to `killed`.

    Args:
        records: `summary.json` of each run. Hold the run lock, so that none of them is under way.
    """
    for path in records:
        # The next run is not refused because a record cannot be read or written.
        with contextlib.suppress(OSError, ValueError):
            text = path.read_text(encoding="utf-8")
            record = json.loads(text) if _RUNNING in text else None
            if isinstance(record, dict) and record.get("status") == "running":
                write_json(path, {**record, "status": "killed", "reason": _KILLED})
