"""`${…}` references: finding them in strings, and looking up what they name."""

import re
from dataclasses import dataclass

from lakewright.bundle.model.tree import Path, parse_path

# Letters first; then words joined by dashes or underscores (no nested repetition: that would backtrack for ever).
_WORD = r"[^\W\d_][^\W_]*(?:[-_]+[^\W_]+)*"
_REFERENCE = re.compile(rf"\$\{{({_WORD}(?:\.{_WORD}(?:\[[0-9]+\])*)*(?:\[[0-9]+\])*)\}}")


@dataclass(frozen=True)
class Reference:
    """One `${…}` in a string.

    Attributes:
        text: The whole of it, with `${` and `}`.
        name: What stands between the braces.
    """

    text: str
    name: str

    @property
    def root(self) -> str:
        """The first word, such as `var`."""
        return self.name.partition(".")[0].partition("[")[0]

    @property
    def path(self) -> Path:
        """The path that the reference names, with `var.x` written out as `variables.x.value`."""
        path = parse_path(self.name)
        if path[0] == "var" and len(path) > 1:
            return ("variables", path[1], "value", *path[2:])
        return path


def references(text: str) -> list[Reference]:
    """Return the references in a string, in order.

    Examples:
        >>> [reference.name for reference in references("${var.a}-${bundle.name} ${not a reference}")]
        ['var.a', 'bundle.name']
    """
    return [Reference(found[0], found[1]) for found in _REFERENCE.finditer(text)]


def is_pure(text: str) -> bool:
    """Whether the string is one reference and nothing else, so that its value keeps its type."""
    return _REFERENCE.fullmatch(text) is not None
