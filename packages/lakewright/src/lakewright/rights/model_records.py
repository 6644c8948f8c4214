"""The records by which the lakehouse knows registered models: their owners and grants. The model registry has the rest.

The engine reads them and changes their grants (`jvm/store/RecordFormat.scala`); the registry and a deployment write and remove them.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path

from databricks_utils.catalog.grants import Securable
from lakewright.rights.records import file_of
from lakewright.storage.machine_user import machine_user


def record_model(lakehouse: Path, model: Securable, *, owner: str | None = None) -> None:
    """Write the record of a model, unless there is one, or its schema is not in the lakehouse.

    Args:
        lakehouse: The folder with `_catalog/`.
        model: The model.
        owner: Its owner; by default whose machine it is.
    """
    file = file_of(lakehouse, model)
    if file.parent.is_dir() and not file.is_file():
        content = {
            "format": 1,
            "kind": "model",
            "uuid": str(uuid.uuid4()),
            "owner": owner or machine_user(),
            "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "properties": {},
            "grants": [],
        }
        _write_once(file, json.dumps(content, indent=2))


def _write_once(file: Path, text: str) -> None:
    """Write a file that is whole from the start; one that is there stays as it is."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as output:
            output.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()
