"""Repairs MLflow's database after the project's folder was moved or copied: it holds absolute addresses of artifacts."""

import contextlib
import re
import sqlite3
from pathlib import Path

from lakewright.mlflow_stores.places import artifacts, database

# Where MLflow 3 keeps addresses of artifacts.
_COLUMNS = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
    ("trace_tags", "value"),
)
_ROOT = re.compile(r"(?P<root>file://.*/\.lakewright/artifacts)(?:/|$)")
_SECONDS = 5.0


def repair_addresses(state: Path) -> int:
    """Let the addresses of artifacts name this project's folder; return how many were changed.

    Addresses outside of a project's `.lakewright/artifacts` stay. A database that MLflow has not made yet, or cannot be
    read, is left to MLflow.

    Args:
        state: The project's `.lakewright` folder, absolute.
    """
    path = database(state)
    if not path.is_file():
        return 0
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(path, timeout=_SECONDS)) as store,
    ):
        changed = sum(_move(store, root, artifacts(state)) for root in _other_roots(store, artifacts(state)))
        store.commit()
        return changed
    return 0


def _other_roots(store: sqlite3.Connection, own: str) -> list[str]:
    rows = store.execute("SELECT DISTINCT artifact_location FROM experiments").fetchall()
    matches = [_ROOT.match(row[0] or "") for row in rows]
    return sorted({match["root"] for match in matches if match} - {own})


def _move(store: sqlite3.Connection, before: str, after: str) -> int:
    changed = 0
    for table, column in _COLUMNS:
        statement = (
            f"UPDATE {table} SET {column} = :after || substr({column}, length(:before) + 1) "  # noqa: S608 - constants
            f"WHERE {column} = :before OR substr({column}, 1, length(:before) + 1) = :before || '/'"
        )
        with contextlib.suppress(sqlite3.OperationalError):  # an older MLflow has fewer tables
            changed += store.execute(statement, {"before": before, "after": after}).rowcount
    return changed
