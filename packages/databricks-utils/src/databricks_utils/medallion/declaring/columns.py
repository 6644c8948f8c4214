"""The names of columns that a project declares."""

from __future__ import annotations

import re
from collections.abc import Sequence

from databricks_utils.medallion.errors import DeclarationError

COLUMN = re.compile(r"[^\W\d_]\w*")


def check_columns(where: str, columns: Sequence[str]) -> None:
    """Check that columns can be those of a table.

    Args:
        where: What declares them, for the error.
        columns: Their names.

    Raises:
        DeclarationError: There are none, one is named twice, or one has a name that is not read in lower case.
    """
    if not columns:
        raise DeclarationError(f"{where} has no columns", fix="name its columns: columns=(…)")
    odd = [name for name in columns if name != name.lower() or not COLUMN.fullmatch(name)]
    if odd:
        raise DeclarationError(
            f"{where}: {', '.join(map(repr, odd))} cannot be a column's name",
            fix="use lower-case letters, digits and `_`, beginning with a letter (headers are read in lower case)",
        )
    twice = sorted({name for name in columns if list(columns).count(name) > 1})
    if twice:
        raise DeclarationError(f"{where}: {', '.join(twice)} is named twice", fix="name each column once")
