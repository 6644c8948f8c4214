"""Values as text, in the form that Databricks puts into parameters."""

from __future__ import annotations

import json


def text(value: object) -> str:
    """A string unchanged, an empty string for None, anything else as JSON.

    Examples:
        >>> text("a"), text(True), text([1, "b"]), text(None)
        ('a', 'true', '[1, "b"]', '')
    """
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
