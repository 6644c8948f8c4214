"""Reads notebooks into cells: Databricks' `.py` and `.sql` source format, and `.ipynb`; line numbers are kept."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import NotebookError

EXTENSIONS = (".py", ".ipynb", ".sql")
_MARKS = {".py": "#", ".sql": "--"}
_LANGUAGES = {".py": "python", ".sql": "sql"}
_MAGIC = re.compile(r"^%(?P<name>[A-Za-z]\w*)(?P<rest>.*)$", re.DOTALL)
# Line magics: further lines of the same cell are code.
_LINE_MAGICS = frozenset(
    {
        "autoreload",
        "cd",
        "conda",
        "config",
        "env",
        "load_ext",
        "matplotlib",
        "pinfo",
        "pinfo2",
        "pip",
        "pwd",
        "reload_ext",
        "reset",
        "restart_python",
        "set_cell_max_output_size_in_mb",
        "set_env",
        "tensorboard",
        "time",
        "uv",
    }
)
_SHELL = re.compile(r"^!(?P<rest>.*)$", re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        number: Position in the notebook, from 1, as a person counts.
        language: `python`, `sql`, `md`, or the name of a magic (`run`, `pip`, `sh`, `fs`).
        source: The code without comment marks and without the magic's name.
        line: Line of the file on which `source` begins; in an `.ipynb` the line within the cell.
        title: What `DBTITLE` says, if anything.
    """

    number: int
    language: str
    source: str
    line: int
    title: str | None = None

    def without_blank_lines_above(self) -> Cell:
        """The cell from its first line with code on: IPython drops blank lines above a magic and so miscounts."""
        blank = self.source[: len(self.source) - len(self.source.lstrip())].count("\n")
        return replace(self, source=self.source.split("\n", blank)[-1], line=self.line + blank)


@dataclass(frozen=True)
class Notebook:
    """A notebook's file and its cells."""

    path: Path
    cells: tuple[Cell, ...]

    @property
    def shows_cell_lines(self) -> bool:
        """Whether lines are counted in each cell anew (`.ipynb`) instead of in the file."""
        return self.path.suffix == ".ipynb"


def find_notebook(path: Path) -> Path:
    """The file of a notebook that is named with or without its extension.

    Raises:
        NotebookError: There is no such file; the error names similar notebooks beside it.
    """
    candidates = [path, *(path.with_name(path.name + extension) for extension in EXTENSIONS)]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    there = sorted({item.name for item in path.parent.glob("*") if item.suffix in EXTENSIONS})
    raise NotebookError(
        f"there is no notebook `{path.name}`",
        location=str(path),
        detail="looked for: " + ", ".join(item.name for item in candidates),
        fix=choose_from(path.name, there) or f"make it, or fix the path: {path.parent} has no notebooks",
    )


def read_notebook(path: Path) -> Notebook:
    """Read a notebook's cells.

    Raises:
        NotebookError: The file is not text, not a notebook, or in a language that does not run here.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotebookError(
            "a notebook is not UTF-8", location=str(path), detail=str(error), fix="save it as UTF-8"
        ) from error
    if path.suffix == ".ipynb":
        return Notebook(path, tuple(_ipynb_cells(path, text)))
    if path.suffix not in _MARKS:
        raise NotebookError(
            f"a `{path.suffix}` notebook does not run here",
            location=str(path),
            fix="notebooks that run here are " + ", ".join(EXTENSIONS),
        )
    return Notebook(path, tuple(_source_cells(text, _MARKS[path.suffix], _LANGUAGES[path.suffix])))


def _source_cells(text: str, mark: str, language: str) -> list[Cell]:
    separator = re.compile(rf"^{mark} COMMAND -+\s*$")
    cells: list[Cell] = []
    lines: list[str] = []
    start = 1
    # As Python counts lines: `splitlines()` would also break at form feeds, U+0085 and U+2028 inside of texts.
    for number, line in enumerate([*text.removesuffix("\n").split("\n"), None], start=1):
        if line is not None and not separator.match(line):
            lines.append(line)
            continue
        cells.append(_source_cell(len(cells) + 1, lines, start, mark, language))
        lines, start = [], number + 1
    return cells


def _source_cell(number: int, lines: list[str], start: int, mark: str, language: str) -> Cell:
    title: str | None = None
    kept: list[str] = []
    for line in lines:
        if line.startswith(f"{mark} DBTITLE"):
            title = line.split(",", 1)[-1].strip()
        drop = line.startswith((f"{mark} DBTITLE", f"{mark} Databricks notebook source"))
        kept.append("" if drop else line)
    magic = f"{mark} MAGIC"
    if all(line.startswith(magic) for line in kept if line.strip()) and any(line.strip() for line in kept):
        plain = [line[len(magic) :].removeprefix(" ") if line.strip() else "" for line in kept]
        return _magic_cell(number, plain, start, language, title)
    if any(line.startswith(f"{magic} %") for line in kept):  # a magic among the lines of a cell
        kept = [line[len(magic) :].removeprefix(" ") if line.startswith(magic) else line for line in kept]
    return Cell(number, language, "\n".join(kept), start, title)


def _magic_cell(number: int, lines: list[str], start: int, language: str, title: str | None) -> Cell:
    while lines and not lines[0].strip():
        lines, start = lines[1:], start + 1
    name, rest = split_magic(lines[0]) if lines else (None, "")
    further_lines = any(line.strip() for line in lines[1:])
    if name is None or (name in _LINE_MAGICS and further_lines):
        return Cell(number, language, "\n".join(lines), start, title)
    return Cell(number, name, "\n".join([rest, *lines[1:]]), start, title)


def split_magic(line: str) -> tuple[str | None, str]:
    """The name of the magic that a line begins with, or None, and what follows it."""
    if match := _MAGIC.match(line):
        return match["name"].lower(), match["rest"].strip()
    if match := _SHELL.match(line):
        return "sh", match["rest"].strip()
    return None, line


def _ipynb_cells(path: Path, text: str) -> list[Cell]:
    try:
        raw = json.loads(text)
        found = raw["cells"]
    except (ValueError, KeyError, TypeError) as error:
        raise NotebookError(
            "a notebook is not valid `.ipynb` JSON",
            location=str(path),
            detail=str(error),
            fix="open and save it in Jupyter, or restore it from git",
        ) from error
    default = _default_language(raw)
    return [_ipynb_cell(number, cell, default) for number, cell in enumerate(found, start=1)]


def _default_language(raw: Any) -> str:
    metadata = raw.get("metadata") or {}
    databricks = metadata.get("application/vnd.databricks.v1+notebook") or {}
    language = databricks.get("language") or (metadata.get("language_info") or {}).get("name") or "python"
    return str(language).lower()


def _ipynb_cell(number: int, cell: Any, default: str) -> Cell:
    source = cell.get("source") or ""
    text = source if isinstance(source, str) else "".join(source)
    if cell.get("cell_type") != "code":
        return Cell(number, "md", text, 1)
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%"):
        lines[lines.index(first)] = first[1:]
    return _magic_cell(number, lines, 1, default, None)
