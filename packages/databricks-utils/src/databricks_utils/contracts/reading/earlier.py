"""Contracts of ODCS 3.0 in the words of 3.1 and 3.2, so that the rest of the code knows one form of each promise.

Source: the text of ODCS 3.0.2 and the changelog of 3.1.0. In 3.0 a bound became exclusive by a boolean beside it, `date` was the only
logical type of a moment, and unknown keys were allowed: the standard's own examples have two.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from databricks_utils.config.tree import Node

_BOUNDS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
# Of the examples of 3.0.0 and 3.0.1: the key → its present name.
_RENAMED = {"team": {"comment": "description"}, "slaProperties": {"column": "element"}}
_QUOTED = re.compile(r"'[^']*'")
_TIME = re.compile("[HhKkmsS]")  # letters of a pattern: hours, minutes, seconds
_MOMENT = re.compile("timestamp|datetime", re.IGNORECASE)


def in_present_words(tree: Node) -> Node:
    """Return a contract of ODCS 3.0 in the words of later versions; another one as it is.

    Each value keeps its file and line.

    Args:
        tree: The contract; it may have any shape.
    """
    version = tree.at(("apiVersion",))
    if version is None or not str(version.value).startswith("v3.0."):
        return tree
    changed = {key: _renamed(node, _RENAMED[key]) for key, node in tree.children.items() if key in _RENAMED}
    if "schema" in tree.children:
        changed["schema"] = _each(tree.children["schema"], _table)
    return replace(tree, value={**tree.children, **changed})


def _each(node: Node, change: Callable[[Node], Node]) -> Node:
    return (
        replace(node, value=[change(item) for item in node.value]) if isinstance(node.value, list) else node
    )


def _renamed(node: Node, names: Mapping[str, str]) -> Node:
    def change(item: Node) -> Node:
        kept = {key: child for key, child in item.children.items() if key not in names}
        moved = {names[key]: child for key, child in item.children.items() if key in names}
        clash = any(name in kept for name in moved)
        return item if clash or not moved else replace(item, value={**kept, **moved})

    return _each(node, change)


def _table(node: Node) -> Node:
    if "properties" not in node.children:
        return node
    return node.put(("properties",), _each(node.children["properties"], _property))


def _property(node: Node) -> Node:
    found = dict(node.children)
    if not found:
        return node
    if "properties" in found:
        found["properties"] = _each(found["properties"], _property)
    if "items" in found:
        found["items"] = _property(found["items"])
    if "logicalTypeOptions" in found:
        found["logicalTypeOptions"] = _options(found["logicalTypeOptions"])
    if _is_moment(found):
        found["logicalType"] = replace(found["logicalType"], value="timestamp")
    return replace(node, value=found)


def _options(node: Node) -> Node:
    found = dict(node.children)
    for exclusive, bound in _BOUNDS:
        given = found.get(exclusive)
        if given is None or not isinstance(given.value, bool):
            continue
        if not given.value:
            del found[exclusive]
        elif bound in found:
            found[exclusive] = found.pop(bound)
    return replace(node, value=found) if node.children else node


def _is_moment(found: Mapping[str, Node]) -> bool:
    """Whether a `date` has a time of day: its physical type, or the way it is written, says so."""
    logical, physical = found.get("logicalType"), found.get("physicalType")
    if logical is None or logical.value != "date":
        return False
    if physical is not None:
        return bool(_MOMENT.match(str(physical.value)))
    pattern = found.get("logicalTypeOptions", logical).children.get("format")
    return pattern is not None and bool(_TIME.search(_QUOTED.sub("", str(pattern.value))))
