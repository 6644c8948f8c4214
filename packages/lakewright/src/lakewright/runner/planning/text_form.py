"""A value as text, as Databricks writes it into parameters."""

from __future__ import annotations

import json


def text(value: object) -> str:
    """Strings as they are, nothing for None, everything else as JSON.

    Examples:
        >>> text("a"), text(True), text([1, "b"]), text(None)
        ('a', 'true', '[1, "b"]', '')
    """
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
