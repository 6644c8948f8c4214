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
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_LOOKED_AT = 4096  # bytes; a header that stands further down was not meant as one
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


def why_not_a_notebook(file: Path) -> tuple[str, str] | None:
    """Return what is wrong with a file that looks like a notebook and is none, and how to correct it; else None.

    The Databricks CLI compares the first line with the header, byte by byte. Source: databricks/cli, libs/notebook/detect.go.
    """
    header, _ = _HEADERS.get(file.suffix.lower(), ("", ""))
    start = file.read_bytes()[:_LOOKED_AT]
    mark = next((mark for mark in _MARKS if start.startswith(mark)), None)
    encoding = _MARKS[mark] if mark else "utf-8"
    lines = start.decode(encoding, errors="replace").lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    if not header:
        return None
    first = lines[0]
    if mark and first.strip() == header:
        return "it begins with a byte order mark", "save it as UTF-8 without a byte order mark"
    if first.strip() == header:
        where = "after" if first.startswith(header) else "before"
        return (
            f"there is a blank {where} `{header}`",
            f"remove the blank {where} `{header}` in the first line",
        )
    if first.lower().replace(" ", "").endswith("databricksnotebooksource"):
        return f"its first line is `{first.strip()}`", f"write the first line as `{header}`"
    later = next((number for number, line in enumerate(lines, 1) if line.strip() == header), None)
    return (f"`{header}` stands in line {later}", "make it the first line of the file") if later else None


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
