"""Changes of access as a Markdown table for a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from databricks_utils.catalog.grants import Effect
from databricks_utils.markdown import code, sentence, table_row
from lakewright.grants.shown.text import tally
from lakewright.grants.shown.words import Row
from lakewright.shown_text.counted import counted

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
    return table_row(
        [
            _SIGNS[row.effect],
            f"{code(row.principal)}{members}",
            row.privileges,
            f"{row.securable.kind.words} {code(row.securable.name)}",
            "<br>".join(map(sentence, row.why)),
        ]
    )
