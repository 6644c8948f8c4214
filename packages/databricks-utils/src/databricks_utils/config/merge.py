"""Layers become one tree: mappings merge key by key at every depth, everything else is replaced.

A shallow merge would let `spark: {app_name: x}` in `prod.yaml` throw away all of `spark` in `defaults.yaml`.
"""

from dataclasses import replace
from functools import reduce

from databricks_utils.config.tree import Node


def merge(base: Node, over: Node) -> Node:
    """Lay one tree over another.

    Lists are replaced as a whole: appending would make it impossible to shorten one. A section without content
    (`spark:` with every line below it commented out) says nothing and leaves what is below it.
    """
    if not isinstance(base.value, dict):
        return over
    if over.value is None:
        return base
    if not isinstance(over.value, dict):
        return over
    merged = dict(base.value)
    for key, node in over.value.items():
        merged[key] = merge(merged[key], node) if key in merged else node
    return replace(base, value=merged, origin=over.origin)


def merge_all(layers: list[Node]) -> Node:
    """Lay trees over one another, the first at the bottom."""
    return reduce(merge, layers)
