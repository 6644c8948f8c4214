"""A secret written into a file is warned of: the next commit would publish it."""

import warnings
from collections.abc import Iterator

from databricks_utils.config.secrecy import is_reference, looks_secret
from databricks_utils.config.tree import KeyPath, Node


class LiteralSecretWarning(UserWarning):
    """Given once for a load, with every key that looks like a secret and whose value stands in a file."""


def warn_of_literal_secrets(tree: Node) -> None:
    """Warn of values in files below keys that look like secrets; the values themselves are not shown."""
    found = [f"  `{'.'.join(path)}` ({node.origin})" for path, node in _literals(tree, ())]
    if found:
        listed = "\n".join(found)
        warnings.warn(
            f"config: secrets are written into files:\n{listed}\n"
            "  fix: write `${NAME}` and set the variable, or `secret://scope/key`; then change the secret itself",
            LiteralSecretWarning,
            stacklevel=3,
        )


def _literals(node: Node, path: KeyPath) -> Iterator[tuple[KeyPath, Node]]:
    children = list(node.items())
    for key, child in children:
        yield from _literals(child, (*path, key))
    if children or not isinstance(node.value, str) or not node.value:
        return
    written = node.origin.kind == "file" and not node.origin.through and not is_reference(node.value)
    # An item of a list is as secret as the list's key.
    names = [key for key in path if not key.isdigit()]
    if written and names and looks_secret(names[-1]):
        yield path, node
