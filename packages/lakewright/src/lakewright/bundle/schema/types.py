"""The fields that the Databricks CLI knows, and their types (`fields.json`)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_FIELDS = Path(__file__).with_name("fields.json")  # `importlib.resources` costs 20 ms more


@cache
def types() -> dict[str, dict[str, Any]]:
    """Return the types by name: `{"fields": {field: type}, "required": […]}` or `{"enum": […]}`."""
    loaded: dict[str, dict[str, Any]] = json.loads(_FIELDS.read_text(encoding="utf-8"))
    return loaded


def fields_of(kind: str) -> dict[str, str]:
    """Return the fields of a type and their types."""
    fields: dict[str, str] = types()[kind].get("fields", {})
    return fields


def resource_types() -> dict[str, str]:
    """Return the resource sections (`jobs`, `schemas`, …) and the type of what they hold."""
    return {name: kind.strip("{}") for name, kind in fields_of("Resources").items()}
