"""The files of a project that a Python file needs when it runs: modules that it imports, notebooks that it runs with `%run`."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lakewright.bundle.paths.notebooks import find_notebook
from lakewright.bundle.reading.disk import is_file

_RUN = re.compile(r"^\s*(?:# MAGIC\s+)?%run\s+(?P<path>\"[^\"]+\"|\S+)", re.MULTILINE)
_NOT_PYTHON = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)


@dataclass(frozen=True)
class Need:
    """A file that another one needs.

    Attributes:
        file: The file that is needed.
        by: The file that needs it.
        name: How it is named there: `shop.settings`, or the path after `%run`.
        line: Where it is named; 1 in a Jupyter notebook.
    """

    file: Path
    by: Path
    name: str
    line: int


def needs_of(file: Path, roots: Iterable[Path]) -> Iterator[Need]:
    """Yield the files of the project that a file needs, and the files that those need.

    Args:
        file: A Python file or a notebook.
        roots: The folders in which modules are looked for; the folder of each file itself comes first.
    """
    waiting, seen = [file], {file}
    while waiting:
        for need in _direct_needs(waiting.pop(), tuple(roots)):
            if need.file not in seen:
                seen.add(need.file)
                waiting.append(need.file)
                yield need


def _direct_needs(file: Path, roots: tuple[Path, ...]) -> Iterator[Need]:
    text = _source(file)
    for found in _RUN.finditer(text):
        name = found["path"].strip('"')
        if (other := find_notebook((file.parent / name).resolve())) is not None:
            yield Need(
                other,
                file,
                name,
                1 if file.suffix == ".ipynb" else text.count("\n", 0, found.start("path")) + 1,
            )
    for line, level, names in _imports(text):
        folders = (file.parents[level - 1],) if level else (file.parent, *roots)
        for name in names:
            for module in _modules(name, folders):
                yield Need(module, file, name, 1 if file.suffix == ".ipynb" else line)


@lru_cache(maxsize=512)
def _source(file: Path) -> str:
    """Return the Python of a file; of a Jupyter notebook its code cells."""
    if file.suffix not in {".py", ".ipynb"}:
        return ""
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix == ".py":
            return text
        cells = json.loads(text).get("cells") or ()
        return "\n".join(
            "".join(cell.get("source") or ()) for cell in cells if cell.get("cell_type") == "code"
        )
    except (OSError, ValueError, AttributeError):
        return ""


@lru_cache(maxsize=512)
def _imports(text: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """Return line, level (of a relative import) and names of each import; nothing for a text that is not Python."""
    try:
        tree = ast.parse(_NOT_PYTHON.sub(r"\1pass", text))
    except (SyntaxError, ValueError):
        return ()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.append((node.lineno, 0, tuple(alias.name for alias in node.names)))
        elif isinstance(node, ast.ImportFrom):
            base = f"{node.module}." if node.module else ""
            found.append((node.lineno, node.level, tuple(f"{base}{alias.name}" for alias in node.names)))
    return tuple(found)


def _modules(name: str, folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the files behind a dotted name, in the first folder that has the first part of it."""
    parts = name.split(".")
    for folder in folders:
        if not (is_file(folder / f"{parts[0]}.py") or (folder / parts[0]).is_dir()):
            continue
        for end in range(1, len(parts) + 1):
            path = folder.joinpath(*parts[:end])
            yield from (
                each for each in (path / "__init__.py", path.with_name(f"{path.name}.py")) if is_file(each)
            )
        return
