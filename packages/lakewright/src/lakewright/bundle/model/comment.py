"""A comment that silences findings: `# lakewright: ignore LW602 (the consumers need this key)`."""

import re
from dataclasses import dataclass

from lakewright.bundle.model.diagnostic import Location

MARK = "lakewright:"
_COMMENT = re.compile(r"(?:^|\s)#\s*lakewright:\s*ignore\b(?P<rest>[^#\n]*)")
_CODES = re.compile(r"\s*(?P<codes>[A-Za-z0-9-]+(?:\s*,\s*[A-Za-z0-9-]+)*)?\s*(?:\((?P<reason>.*)\))?")


@dataclass(frozen=True)
class Comment:
    """A comment that names the findings to leave out, on its own line and, if it stands alone, on the next one.

    Attributes:
        location: Where it begins.
        codes: The codes or names as they are written; empty if the comment names none.
        reason: What stands in parentheses behind them.
        lines: The lines that it covers, counted from 1.
    """

    location: Location
    codes: tuple[str, ...]
    reason: str
    lines: tuple[int, ...]

    def covers(self, place: Location) -> bool:
        """Whether the comment is about a place."""
        return place.file == self.location.file and place.line in self.lines


def parse_comment(line: str) -> tuple[int, tuple[str, ...], str] | None:
    """Return the column, the codes and the reason of a line's comment, or None if it has no such comment.

    Examples:
        >>> parse_comment("- task_key: load-all  # lakewright: ignore LW602, LW301 (kept for the dashboard)")
        (23, ('LW602', 'LW301'), 'kept for the dashboard')
    """
    found = _COMMENT.search(line)
    if found is None:
        return None
    parts = _CODES.match(found["rest"])
    codes = parts["codes"] if parts and parts["codes"] else ""
    reason = (parts["reason"] if parts else None) or ""
    column = found.start() + found[0].index("#") + 1
    return column, tuple(code.strip() for code in codes.split(",") if code.strip()), reason
