"""Changes of access as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from databricks_utils.catalog.grants import Effect
from databricks_utils.quoting import quote_part
from lakewright.grants.shown.words import Row
from lakewright.shown_text.counted import counted
from lakewright.shown_text.printable import printable

SIGNS = {Effect.GAINS: "+", Effect.LOSES: "-"}


def lines_of(rows: Sequence[Row]) -> Iterator[str]:
    """Yield two lines for each change: what, and why. What would move the cursor is written out.

    Args:
        rows: The changes.
    """
    for row in rows:
        assert row.effect is not None
        members = f" ({counted(len(row.members), 'member')})" if row.members else ""
        yield printable(
            f"{SIGNS[row.effect]} {quote_part(row.principal)}{members} {row.effect} {row.privileges} on {row.securable}"
        )
        for why in row.why:
            yield printable(f"    {'because' if row.effect is Effect.GAINS else 'until now'} {why}")


def tally(rows: Sequence[Row]) -> str:
    """Return how many principals gain and lose access."""
    gaining = {row.principal for row in rows if row.effect is Effect.GAINS}
    losing = {row.principal for row in rows if row.effect is Effect.LOSES}
    if not rows:
        return "nobody gains or loses access"
    return f"{_principals(len(gaining), 'gain')}, {_principals(len(losing), 'lose')}"


def _principals(number: int, verb: str) -> str:
    return f"{counted(number, 'principal')} {verb}{'s' if number == 1 else ''} access"
