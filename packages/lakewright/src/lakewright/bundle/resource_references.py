"""What `${resources.…}` stands for, as far as the configuration itself knows it.

Most identifiers exist only after a deployment. Names, and the identifiers of catalog objects (which are their
full names), are known before it, and a local run needs them.
"""

from typing import Any

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.references import references

_FULL_NAMES = {
    "catalogs": ("name",),
    "schemas": ("catalog_name", "name"),
    "volumes": ("catalog_name", "schema_name", "name"),
    "registered_models": ("catalog_name", "schema_name", "name"),
}
_IDENTIFIERS = {"id", "full_name"}
_DEPTH = 8


def local_value(bundle: Bundle, text: str) -> str:
    """Return a text with every `${resources.…}` replaced whose value is known without a workspace.

    Args:
        bundle: A loaded bundle.
        text: A value of `bundle.resolved`.

    Returns:
        The text; references that only a workspace can resolve stay in it.
    """
    return _replace(bundle, text, _DEPTH)


def _replace(bundle: Bundle, text: str, depth: int) -> str:
    if "${resources." not in text or depth == 0:
        return text
    for reference in references(text):
        value = _known(bundle, reference.path, depth)
        if value is not None:
            text = text.replace(reference.text, value)
    return text


def _known(bundle: Bundle, path: tuple[str | int, ...], depth: int) -> str | None:
    if path[0] != "resources" or len(path) < 4:
        return None
    kind, field = str(path[1]), str(path[3])
    resource: Any = ((bundle.resolved.get("resources") or {}).get(kind) or {}).get(path[2])
    if not isinstance(resource, dict):
        return None
    if len(path) == 4 and field in _IDENTIFIERS and field not in resource and kind in _FULL_NAMES:
        parts = [_replace(bundle, str(resource.get(part, "")), depth - 1) for part in _FULL_NAMES[kind]]
        return ".".join(parts) if all(parts) else None
    value: Any = resource
    for step in path[3:]:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    if value is None or isinstance(value, dict | list):
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _replace(bundle, text, depth - 1)
