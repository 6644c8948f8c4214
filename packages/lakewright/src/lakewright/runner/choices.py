"""Fixes for errors about unknown names: the nearest known names, or a list of all of them."""

from __future__ import annotations

from collections.abc import Iterable

from databricks_utils.nearest import did_you_mean, listing


def choose_from(name: str, names: Iterable[str]) -> str:
    """A fix that lists the known names.

    Examples:
        >>> choose_from("silvr", ["bronze", "silver"])
        'did you mean `silver`?'
        >>> choose_from("x", ["bronze", "silver"])
        'choose one of: `bronze`, `silver`'
    """
    known = list(names)
    if not known:
        return "there is nothing to choose from"
    return did_you_mean(name, known) or f"choose one of: {listing(f'`{item}`' for item in known)}"
