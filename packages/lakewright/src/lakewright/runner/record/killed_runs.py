"""Corrects the records of killed runs: a killed runner cannot write its own end."""

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
        records: The `summary.json` of each run. The caller holds the run lock, so no run is under way.
    """
    for path in records:
        # A record that cannot be read or written must not stop the next run.
        with contextlib.suppress(OSError, ValueError):
            text = path.read_text(encoding="utf-8")
            record = json.loads(text) if _RUNNING in text else None
            if isinstance(record, dict) and record.get("status") == "running":
                write_json(path, {**record, "status": "killed", "reason": _KILLED})
