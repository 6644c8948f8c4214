"""The rows of a SQL task that other tasks refer to, as `{{tasks.<key>.output.rows}}`.

Source of the limits: https://docs.databricks.com/aws/en/jobs/dynamic-value-references
"""

from __future__ import annotations

import json
from typing import Any

MOST_ROWS = 1000
MOST_BYTES = 48 * 1024


def output_rows(frame: Any) -> list[dict[str, Any]]:
    """The first rows of a DataFrame as plain data: at most 1,000, and 48 KiB as JSON."""
    kept: list[dict[str, Any]] = []
    size = 2
    for row in frame.limit(MOST_ROWS).collect():
        plain = json.loads(json.dumps(row.asDict(recursive=True), default=str))
        size += len(json.dumps(plain, ensure_ascii=False).encode()) + 2
        if size > MOST_BYTES:
            break
        kept.append(plain)
    return kept
