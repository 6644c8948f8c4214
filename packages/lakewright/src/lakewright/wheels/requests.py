"""Where a project's files ask an index for one of our packages: requirements, `pyproject.toml`, `%pip` in notebooks."""

import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from packaging.utils import canonicalize_name

from lakewright.wheels.names import asks_an_index

_PIP_MAGIC = re.compile(r"^(?:# MAGIC )?\s*%(?:uv )?pip install\s+(?P<rest>.*)$", re.MULTILINE)
_ONE_INDEX = re.compile(r"(?:^|\s)(?:--index-url|-i|--no-index)(?:[\s=]|$)", re.MULTILINE)


@dataclass(frozen=True)
class Request:
    """A place that asks an index for one of our packages.

    Attributes:
        line: The line in the file.
        requirement: What is written there.
        name: The package.
    """

    line: int
    requirement: str
    name: str


def names_one_index(lines: Iterable[str]) -> bool:
    """Return whether requirement lines name the only index that pip looks at.

    Examples:
        >>> names_one_index(["--index-url https://index.example.com/simple", "databricks-utils"])
        True
        >>> names_one_index(["--extra-index-url https://index.example.com/simple", "databricks-utils"])
        False
    """
    return bool(_ONE_INDEX.search("\n".join(lines)))


def in_requirements(text: str) -> Iterator[Request]:
    """Yield the requests of a requirements file; none if it names the only index, or the hash of a package."""
    if names_one_index([text]):
        return
    for number, line in _whole_lines(text):
        wanted = line.partition(" #")[0].strip()
        if "--hash=" not in wanted and (name := asks_an_index(wanted)):
            yield Request(number, wanted, name)


def _whole_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its number; one that ends with a backslash with the lines that continue it."""
    start, whole = 1, ""
    for number, line in enumerate(text.splitlines(), 1):
        start, whole = (start, whole + line) if whole else (number, line)
        if line.endswith("\\"):
            whole = whole[:-1] + " "
            continue
        yield start, whole
        whole = ""


def in_pyproject(text: str) -> Iterator[Request]:
    """Yield the requests of a `pyproject.toml`.

    The project's dependencies are part of its wheel, so whoever installs the wheel asks an index for them; dependency
    groups are not, and uv takes them from `tool.uv.sources`.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    project = content.get("project") or {}
    published = [*project.get("dependencies", ()), *_all(project.get("optional-dependencies"))]
    sources = {
        canonicalize_name(name) for name in ((content.get("tool") or {}).get("uv") or {}).get("sources", ())
    }
    for wanted in dict.fromkeys(filter(_is_text, published)):
        if name := asks_an_index(wanted):
            yield Request(_line_of(text, wanted), wanted, name)
    for wanted in dict.fromkeys(filter(_is_text, _all(content.get("dependency-groups")))):
        if (name := asks_an_index(wanted)) and name not in sources:
            yield Request(_line_of(text, wanted), wanted, name)


def in_notebook(text: str) -> Iterator[Request]:
    """Yield the requests of the lines `%pip install` in a notebook."""
    for found in _PIP_MAGIC.finditer(text):
        if _ONE_INDEX.search(found["rest"]):
            continue
        for word in _words(found["rest"]):
            if name := asks_an_index(word):
                yield Request(text.count("\n", 0, found.start()) + 1, word, name)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _all(groups: object) -> list[Any]:
    values = groups.values() if isinstance(groups, dict) else ()
    return [entry for group in values if isinstance(group, list) for entry in group]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _line_of(text: str, wanted: str) -> int:
    return text.count("\n", 0, max(text.find(wanted), 0)) + 1
