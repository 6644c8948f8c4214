"""Which files are notebooks, by their ending and their first line, as in Databricks."""

import json
from pathlib import Path

from lakewright.bundle.reading.disk import is_file

_HEADERS = {
    ".py": ("# Databricks notebook source", "python"),
    ".r": ("# Databricks notebook source", "r"),
    ".scala": ("// Databricks notebook source", "scala"),
    ".sql": ("-- Databricks notebook source", "sql"),
}
ENDINGS = (".py", ".r", ".scala", ".sql", ".ipynb")
_DESIGNER = ".designer.ipynb"


def notebook_language(file: Path) -> str | None:
    """Return `python`, `sql`, `r` or `scala` for a notebook, None for any other file.

    Args:
        file: An existing file.
    """
    ending = file.suffix.lower()
    if ending == ".ipynb":
        return _jupyter_language(file)
    if ending not in _HEADERS:
        return None
    header, language = _HEADERS[ending]
    with file.open(encoding="utf-8", errors="replace") as lines:
        return language if lines.readline(64).rstrip("\r\n") == header else None


def _jupyter_language(file: Path) -> str | None:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(content, dict) or "nbformat" not in content:
        return None
    metadata = content.get("metadata") or {}
    databricks = metadata.get("application/vnd.databricks.v1+notebook") or {}
    language = databricks.get("language") or (metadata.get("language_info") or {}).get("name") or "python"
    return str(language).lower()


def workspace_name(name: str) -> str:
    """Return a notebook's path as the workspace shows it: without its ending."""
    if name.endswith(_DESIGNER):
        return name
    path = Path(name)
    return name[: -len(path.suffix)] if path.suffix else name


def find_notebook(path: Path) -> Path | None:
    """Return the file of a notebook that is named with or without its ending."""
    if is_file(path):
        return path
    candidates = [path.with_name(path.name + ending) for ending in ENDINGS]
    found = [candidate for candidate in candidates if is_file(candidate)]
    return next((file for file in found if notebook_language(file)), None)
