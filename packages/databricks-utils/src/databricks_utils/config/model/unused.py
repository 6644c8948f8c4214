"""Warn about keys that no code reads yet; their description ends in "Not used yet."."""

import warnings
from collections.abc import Iterator

from pydantic import BaseModel

from databricks_utils.config.model.keys import fields_of, section_of
from databricks_utils.config.tree import KeyPath, Node

MARK = "Not used yet."


class UnusedKeyWarning(UserWarning):
    """Issued once for a load; lists the keys that the configuration sets, but that have no effect yet."""


def unused_keys(model: type[BaseModel], above: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the keys and sections of a model whose description has the mark."""
    for key, field in fields_of(model).items():
        section = section_of(field.annotation)
        if MARK in (field.description or ""):
            yield (*above, key)
        elif section:
            yield from unused_keys(section, (*above, key))


def warn_of_unused_keys(model: type[BaseModel], tree: Node) -> None:
    """Warn about keys that the configuration sets, but that have no effect yet.

    Args:
        model: The model of the configuration.
        tree: The values that are set, without defaults.
    """
    found = [
        (path, node) for path in unused_keys(model) if (node := tree.at(path)) and node.value is not None
    ]
    if found:
        listed = "\n".join(f"  `{'.'.join(path)}` ({node.origin})" for path, node in found)
        warnings.warn(
            f"config: these keys have no effect yet:\n{listed}\n"
            "  fix: remove them; this version of databricks-utils does not read them",
            UnusedKeyWarning,
            stacklevel=3,
        )
