"""Schema drift: what happens to a file whose header is not the one that its source declares."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from databricks_utils.quality import Rule
from databricks_utils.quoting import literal

HEADER = "_header"


class Drift(StrEnum):
    """The effect of another header.

    With `fail`, any difference stops the ingestion before a row is written. With `quarantine`, the file is loaded, a missing column is
    NULL, and all its records are quarantined. With `evolve`, further columns are accepted: they are kept in `_extra`, and become columns
    once they are declared; a missing column stops the ingestion.
    """

    FAIL = "fail"
    QUARANTINE = "quarantine"
    EVOLVE = "evolve"


def header_rule(columns: Sequence[str], drift: Drift) -> tuple[Rule, ...]:
    """Return the rule that a record's file has the declared columns and no others, if the drift is to be quarantined.

    The rule compares with the columns that are declared when it is applied: when a column has been declared, the records can be judged
    again.
    """
    if drift is not Drift.QUARANTINE:
        return ()
    declared = f"array({', '.join(map(literal, columns))})"
    same = f"size(array_except({declared}, {HEADER})) + size(array_except({HEADER}, {declared})) = 0"
    return (
        Rule(
            "header_is_as_declared",
            f"{HEADER} IS NULL OR {same}",
            "the file has other columns than its source declares",
        ),
    )
