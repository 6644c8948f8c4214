"""The known fields of a bundle (`fields.json`) and how a configuration is held against them.

As the CLI does, values are brought to their field's type where nothing is lost (`"2"` to `2`), unknown fields
are dropped with a warning, and values of a wrong kind are dropped too. Unlike the CLI, which only warns of
wrong kinds, those are errors here: the field would silently not count.
"""

import json
from functools import cache
from importlib import resources
from typing import Any

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.model import Diagnostic
from lakewright.bundle.references import is_pure
from lakewright.bundle.tree import Node, Path, Plain, format_path

_TRUE = {"true", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}
_FALSE = {"false", "n", "N", "no", "No", "NO", "off", "Off", "OFF"}
_ARTICLES = {"str": "a string", "bool": "true or false", "int": "a whole number", "float": "a number"}


@cache
def types() -> dict[str, dict[str, Any]]:
    """The types by name: `{"fields": {field: type}, "required": […]}` or `{"enum": […]}`."""
    text = (resources.files("lakewright.bundle") / "fields.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, Any]] = json.loads(text)
    return loaded


def fields_of(kind: str) -> dict[str, str]:
    """The fields of a type and their types."""
    fields: dict[str, str] = types()[kind].get("fields", {})
    return fields


def resource_types() -> dict[str, str]:
    """The resource sections (`jobs`, `schemas`, …) and the type of what they hold."""
    return {name: kind.strip("{}") for name, kind in fields_of("Resources").items()}


def normalise(node: Node, kind: str, path: Path, diagnostics: list[Diagnostic]) -> Node | None:
    """Bring a value to its type.

    Args:
        node: The value; maps and lists are edited in place.
        kind: `str`, `bool`, `int`, `float`, `any`, `[type]`, `{type}` or a type's name.
        path: Where the value stands.
        diagnostics: What was found is added here.

    Returns:
        The value, or None if it has to be left out.
    """
    if kind == "any":
        return node
    if isinstance(node.value, str) and kind != "str" and is_pure(node.value):
        return node
    if kind.startswith("["):
        return _list(node, kind[1:-1], path, diagnostics)
    if kind.startswith("{"):
        return _map(node, kind[1:-1], path, diagnostics)
    if kind in _ARTICLES or "enum" in types()[kind]:
        return _scalar(node, kind if kind in _ARTICLES else "str", path, diagnostics)
    return _struct(node, kind, path, diagnostics)


def drop_open_structures(node: Node, kind: str) -> None:
    """Drop, once references are resolved, what still stands where a map or a list belongs: `tasks: ${var.x}`.

    An error about the reference was reported before; empty elements of lists go too.
    """
    if kind.startswith("["):
        node.value = [
            child for child in node.elements() if _fits(child, kind[1:-1]) and child.value is not None
        ]
        for child in node.elements():
            drop_open_structures(child, kind[1:-1])
    elif kind.startswith("{") or "fields" in types().get(kind, {}):
        for key, child in node.items():
            inner = kind[1:-1] if kind.startswith("{") else fields_of(kind)[key]
            if not _fits(child, inner):
                del node.value[key]
            elif child.value is not None:
                drop_open_structures(child, inner)


def _fits(node: Node, kind: str) -> bool:
    structured = kind.startswith(("[", "{")) or "fields" in types().get(kind, {})
    return not (structured and isinstance(node.value, str))


def _list(node: Node, kind: str, path: Path, diagnostics: list[Diagnostic]) -> Node | None:
    if node.value is None:
        return node
    if not node.is_list:
        return _wrong(node, "a list", path, diagnostics)
    kept = []
    for index, child in enumerate(node.elements()):
        if (brought := normalise(child, kind, (*path, index), diagnostics)) is not None:
            kept.append(brought)
    node.value = kept
    return node


def _map(node: Node, kind: str, path: Path, diagnostics: list[Diagnostic]) -> Node | None:
    if node.value is None:
        return node
    if not node.is_map:
        return _wrong(node, "a map", path, diagnostics)
    for key, child in node.items():
        if (brought := normalise(child, kind, (*path, key), diagnostics)) is None:
            del node.value[key]
        else:
            node.value[key] = brought
    return node


def _struct(node: Node, kind: str, path: Path, diagnostics: list[Diagnostic]) -> Node | None:
    if node.value is None:
        return node
    if not node.is_map:
        return _wrong(node, "a map", path, diagnostics)
    fields = fields_of(kind)
    for key, child in node.items():
        if key not in fields:
            del node.value[key]
            if not _is_anchor_shelf(child):
                diagnostics.append(_unknown(node, key, fields, path))
        elif (brought := normalise(child, fields[key], (*path, key), diagnostics)) is None:
            del node.value[key]
        else:
            node.value[key] = brought
    return node


def _is_anchor_shelf(node: Node) -> bool:
    """Whether a value only holds anchors: such shelves may stand under any key."""
    if node.anchor:
        return True
    children = node.children()
    return bool(children) and all(_is_anchor_shelf(child) for child in children)


def _unknown(node: Node, key: str, fields: dict[str, str], path: Path) -> Diagnostic:
    where = format_path(path)
    fix = did_you_mean(key, fields)
    return Diagnostic(
        "warning",
        f"unknown field: {key}",
        detail=f"`{where or 'the top level'}` knows {listing(fields, limit=60)}" if not fix else None,
        location=node.keys.get(key),
        path=where,
        fix=fix or f"remove `{key}`: it is ignored",
    )


def _wrong(node: Node, expected: str, path: Path, diagnostics: list[Diagnostic]) -> Node | None:
    """Report a value of a wrong kind, which is then left out."""
    where = format_path(path)
    got = f"{node.kind} `{node.value}`" if not isinstance(node.value, dict | list) else node.kind
    diagnostics.append(
        Diagnostic(
            "error",
            f"expected {expected} for `{where or 'the top level'}`, found {got}",
            location=node.location,
            path=where,
            fix=_rewritten(node, path) or f"write {expected} here",
        )
    )
    return None


def _rewritten(node: Node, path: Path) -> str | None:
    """Return how a value that is written in a common wrong way is written right."""
    field, value = path[-1] if path else "", node.value
    plain = isinstance(value, str | int | float)
    if "depends_on" in path[-2:] and plain:
        entry = f"{{task_key: {value}}}"
        return f"write `{entry}`" if field != "depends_on" else f"write `depends_on: [{entry}]`"
    if field == "inputs" and node.is_list and "for_each_task" in path:
        return 'write the list as JSON in quotes: `inputs: \'["a", "b"]\'`'
    if field == "notebook_task" and plain:
        return f"write `notebook_task: {{notebook_path: {value}}}`"
    if path[:-1] == ("variables",) and plain:
        return f"write `{field}: {{default: {value}}}`"
    return None


def _scalar(node: Node, kind: str, path: Path, diagnostics: list[Diagnostic]) -> Node | None:
    value = node.value
    if value is None:
        where = format_path(path)
        summary = f"`{where}` is empty: expected {_ARTICLES[kind]}"
        fix = "give it a value or remove the line"
        diagnostics.append(Diagnostic("warning", summary, location=node.location, path=where, fix=fix))
        return None
    if isinstance(value, dict | list):
        return _wrong(node, _ARTICLES[kind], path, diagnostics)
    brought = {"str": _as_string, "bool": _as_bool, "int": _as_int, "float": _as_float}[kind](value)
    if brought is None:
        return _wrong(node, _ARTICLES[kind], path, diagnostics)
    node.value = brought
    return node


def _as_string(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format_number(value)
    return str(value)


def format_number(value: float) -> str:
    """Return a number as Go prints it without an exponent.

    Examples:
        >>> format_number(15.4), format_number(2.0)
        ('15.4', '2')
    """
    text = repr(value)
    return text.removesuffix(".0") if "e" not in text else f"{value:f}".rstrip("0").rstrip(".")


def _as_bool(value: Plain) -> bool | None:
    if isinstance(value, bool):
        return value
    return True if value in _TRUE else False if value in _FALSE else None


def _as_int(value: Plain) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    try:
        return int(value)
    except ValueError:
        return None


def _as_float(value: Plain) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        return float(value)
    except ValueError:
        return None
