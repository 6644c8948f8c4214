"""How two configurations become one: includes into the root file, a target into the whole.

Maps merge key by key, lists are joined, a scalar is replaced by the later one, null yields. These are
the rules of the Databricks CLI; a configuration merges by other ones, see `databricks_utils.config.tree`.
"""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.model.tree import Node, Path, format_path
from lakewright.bundle.rules.files.duplicates.clashing_kinds import ClashingKinds


class MergeError(Exception):
    """Raised when two values of different kinds stand at the same path."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary)
        self.diagnostic = diagnostic


def merge(base: Node, override: Node, path: Path = ()) -> Node:
    """Return `base` with `override` laid over it; the override's places come first for scalars.

    Raises:
        MergeError: If a map meets a list, a string meets a number, and so on.
    """
    if base.value is None:
        return Node(override.value, _places(override, base), override.keys, override.anchor)
    if override.value is None:
        return Node(base.value, _places(base, override), base.keys, base.anchor)
    if base.kind != override.kind:
        raise MergeError(
            ClashingKinds.of(
                format_path(path), override.kind, base.kind, override.location, base.locations[:1]
            )
        )
    if base.is_map:
        merged = dict(base.value)
        for key, child in override.items():
            merged[key] = merge(merged[key], child, (*path, key)) if key in merged else child
        return Node(merged, _places(base, override), {**base.keys, **override.keys})
    if base.is_list:
        return Node([*base.elements(), *override.elements()], _places(base, override))
    return Node(override.value, _places(override, base))


def _places(first: Node, second: Node) -> tuple[Location, ...]:
    return tuple(dict.fromkeys((*first.locations, *second.locations)))
