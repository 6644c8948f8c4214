"""Changes of access as a Markdown table for a pull request."""

from __future__ import annotations

import re
from collections.abc import Sequence

from databricks_utils.catalog.grants import Effect
from lakewright.grants.shown.text import counted, tally
from lakewright.grants.shown.words import Row
from lakewright.shown_text.printable import printable

_SIGNS = {Effect.GAINS: "➕ gains", Effect.LOSES: "➖ loses"}
_MOST = 200  # rows; a comment on GitHub has a maximum length


def table_of(rows: Sequence[Row], *, target: str) -> str:
    """Return the changes of one target as a heading and a table.

    Args:
        rows: The changes.
        target: The target.
    """
    lines = [f"#### Access in {code(target)}: {tally(rows)}"]
    if rows:
        lines += ["", "| | who | access | to | why |", "|---|---|---|---|---|", *map(_line, rows[:_MOST])]
    if len(rows) > _MOST:
        lines += ["", f"and {len(rows) - _MOST} more: `lakewright grants diff -o text`"]
    return "\n".join(lines)


def _line(row: Row) -> str:
    assert row.effect is not None
    members = f" ({counted(len(row.members), 'member')})" if row.members else ""
    why = "<br>".join(_sentence(each) for each in row.why)
    name = code(row.securable.name)
    return f"| {_SIGNS[row.effect]} | {code(row.principal)}{members} | {row.privileges} | {row.securable.kind.words} {name} | {why} |"


def _sentence(text: str) -> str:
    """Return a reason with its names as code, so that nothing in them is Markdown."""
    parts = re.split(r"`((?:[^`]|``)*)`", text)
    return "".join(
        code(part.replace("``", "`")) if at % 2 else escaped(part) for at, part in enumerate(parts) if part
    )


def code(text: str) -> str:
    r"""Return a text as code inside of a table's cell.

    >>> code("a|b"), code("a`b")
    ('`a\\|b`', '`` a`b ``')
    """
    plain = printable(text).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", plain)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if longest else ""
    return f"{fence}{padding}{plain}{padding}{fence}"


def escaped(text: str) -> str:
    r"""Return a text for a table's cell, so that nothing in it is Markdown.

    >>> escaped("a|b*")
    'a\\|b\\*'
    """
    return re.sub(r"([\\|<>*_`\[\]@#])", r"\\\1", printable(text))
