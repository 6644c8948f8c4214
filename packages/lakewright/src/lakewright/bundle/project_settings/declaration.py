"""What a project names in `[tool.lakewright]` of `pyproject.toml`: `settings`, the model of its own keys, or `medallion`, what opens it."""

import re
from dataclasses import dataclass
from pathlib import Path

from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.python_projects.declared import read_toml, table_of

_TABLE = re.compile(r"\s*\[\s*tool\s*\.\s*lakewright\s*\]")
_FORM = re.compile(r"(?P<module>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):(?P<name>[A-Za-z_]\w*)\Z")


@dataclass(frozen=True)
class DeclaredEntry:
    """The entry of a project.

    Attributes:
        text: What is written, e.g. `shop.settings:ShopSettings`.
        location: Where.
        module: The module's name; empty if the text has another form.
        name: The name of the class or function; empty if the text has another form.
    """

    text: str
    location: Location
    module: str = ""
    name: str = ""


def declared_entry(root: Path, key: str = "settings") -> DeclaredEntry | None:
    """Return what a project names under a key; None without an entry.

    Args:
        root: The project's folder.
        key: The key.
    """
    file = root / "pyproject.toml"
    table = table_of(table_of(read_toml(file), "tool"), "lakewright")
    if key not in table:
        return None
    text, location = str(table[key]), _place(file, key)
    found = _FORM.match(text)
    return (
        DeclaredEntry(text, location, found["module"], found["name"])
        if found
        else DeclaredEntry(text, location)
    )


def uses_the_library(root: Path) -> bool:
    """Return whether a project declares `databricks-utils` as a requirement."""
    declaring = (root / "pyproject.toml", *root.glob("requirements*.txt"), root / "databricks.yml")
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in declaring if path.is_file())
    return any("databricks-utils" in text or "databricks_utils" in text for text in texts)


def _place(file: Path, key: str) -> Location:
    """Return the place of the entry; the first line if it is written in another way than as a table."""
    inside = False
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.lstrip().startswith("["):
            inside = bool(_TABLE.match(line))
        elif inside and re.match(rf"\s*{key}\s*=", line):
            return Location(file, number, 1)
    return Location(file, 1, 1)
