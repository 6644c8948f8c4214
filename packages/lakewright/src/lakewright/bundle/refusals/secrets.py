"""The values of secrets: they come from variables, and what stands in their place in a file is never shown.

Source: https://github.com/databricks/cli/blob/main/bundle/config/mutator/validate_secret_value_is_variable.go
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.references import is_pure, references
from lakewright.bundle.model.tree import Node, format_path, match
from lakewright.bundle.rules.schema.values.secret_in_plain_text import SecretInPlainText
from lakewright.shown_text.secret_forms import MARK

_VALUE = re.compile(r"(?:^|\.)resources\.secrets\.[^.]+\.value(?![^.\[])")


def check_secrets(draft: Draft) -> None:
    """Report values of secrets in the bundle's files, and put `[redacted]` in their place."""
    wrong = [found.location for found in draft.diagnostics if _VALUE.search(found.path or "")]
    draft.secret_lines |= {(place.file, place.line) for place in wrong if place}
    for path, node in match(draft.tree, "resources.secrets.*.value"):
        where = format_path(path)
        if node.value is None:
            continue  # reported as missing
        if not isinstance(node.value, str) or not is_pure(node.value):
            draft.add(SecretInPlainText.of_value(node.location, where))
            _hide(draft, node)
        elif name := _variable(node.value):
            default = draft.tree.get("variables", name, "default")
            if default is not None and default.value is not None:
                draft.add(SecretInPlainText.of_default(name, default.location, node.location, where))
                _hide(draft, default)


def redacted(resolved: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resolved bundle to be printed: without the values of secrets, and of all texts in variables if there is a secret.

    Source: https://github.com/databricks/cli/blob/main/bundle/direct/dresources/redact_config.go
    """
    shown = dict(resolved)
    resources = resolved.get("resources")
    if not isinstance(resources, dict) or not isinstance(resources.get("secrets"), dict):
        return shown
    if not resources["secrets"]:
        return shown
    shown["resources"] = {**resources, "secrets": _hidden(resources["secrets"], ("value",))}
    if isinstance(resolved.get("variables"), dict):
        shown["variables"] = _hidden(resolved["variables"], ("value", "default"))
    return shown


def _hidden(items: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: {key: MARK if key in fields and isinstance(text, str) else text for key, text in item.items()}
        if isinstance(item, dict)
        else item
        for name, item in items.items()
    }


def without_secrets(draft: Draft, found: Diagnostic) -> Diagnostic:
    """Return a finding whose place says whether its line holds a secret."""
    return replace(found, location=found.location and sealed(draft, found.location))


def sealed(draft: Draft, location: Location) -> Location:
    """Return a place that is marked if its line holds a secret."""
    is_secret = (location.file, location.line) in draft.secret_lines
    return location if is_secret == location.is_secret else replace(location, is_secret=is_secret)


def _hide(draft: Draft, node: Node) -> None:
    draft.secret_lines |= {(location.file, location.line) for location in node.locations}
    node.value = MARK


def _variable(text: str) -> str:
    """Return the name in `${var.name}`; an empty text for other references."""
    (reference,) = references(text)
    return str(reference.path[1]) if reference.root == "var" and len(reference.path) > 1 else ""
