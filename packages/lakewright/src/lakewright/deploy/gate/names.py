"""The full names of a plan's resources in the workspace, as they are today."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lakewright.deploy.gate.kinds import kind_of
from lakewright.deploy.plan.model import Entry

Declared = Mapping[str, Mapping[str, Any]]
"""The configurations of a bundle's resources by key, for a plan that holds no states."""
_REFERENCE = re.compile(r"\$\{(resources\.[^.}]+\.[^.}\[]+)")


def today_of(entry: Entry, declared: Declared) -> Mapping[str, Any]:
    """Return what the workspace holds, or what comes nearest: what the bundle declares."""
    return entry.remote_state or entry.new_state or declared.get(entry.key, {})


def name_of(entry: Entry, declared: Declared) -> str:
    """Return the full name; empty if the plan does not have it."""
    return _joined(today_of(entry, declared), kind_of(entry.kind).named_by)


def new_name_of(entry: Entry, declared: Declared) -> str:
    """Return the full name after the deployment; empty if it is not known."""
    return _joined(entry.new_state or declared.get(entry.key, {}), kind_of(entry.kind).named_by)


def schema_of(entry: Entry, declared: Declared) -> str:
    """Return the full name of the schema that holds it, in lower case; empty if none does, or it is not known."""
    state = today_of(entry, declared)
    if entry.kind == "pipelines":
        schema = "schema" if state.get("schema") else "target"
        return _joined(state, ("catalog", schema)).lower()
    if entry.kind == "schemas":
        return name_of(entry, declared).lower()
    return name_of(entry, declared).rpartition(".")[0].lower()


def references_of(entry: Entry, declared: Declared) -> frozenset[str]:
    """Return the keys of the resources that an entry refers to."""
    texts = _texts(declared.get(entry.key, {}))
    return frozenset((*entry.depends_on, *(found for text in texts for found in _REFERENCE.findall(text))))


def _joined(state: Mapping[str, Any], fields: tuple[str, ...]) -> str:
    if isinstance(full := state.get("full_name"), str) and len(fields) > 1:
        return full
    parts = [state.get(field) for field in fields]
    known = [part for part in parts if isinstance(part, str) and part and "${" not in part]
    return ".".join(known) if len(known) == len(fields) else ""


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if "${" in value else []
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for item in items for text in _texts(item)]
