"""Converting a configuration to the types of its fields.

As the CLI does, values are converted to their field's type where nothing is lost (`"2"` to `2`), unknown fields
are dropped with a warning, and values of a wrong type are dropped too. Unlike the CLI, which only warns of
wrong types, those are errors here: the setting would silently have no effect. A section that only holds an anchor
for other places is a warning here too.
"""

from collections.abc import Mapping

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.model.references import is_pure
from lakewright.bundle.model.tree import Node, Path, format_path
from lakewright.bundle.rules.schema.fields.misspelled_section import MisspelledSection
from lakewright.bundle.rules.schema.fields.unknown_field import UnknownField
from lakewright.bundle.rules.schema.values.empty_value import EmptyValue
from lakewright.bundle.rules.schema.values.wrong_type import WrongType
from lakewright.bundle.schema.conversion import CONVERSIONS, is_too_large
from lakewright.bundle.schema.types import fields_of, types

_ARTICLES = {"str": "a string", "bool": "true or false", "int": "a whole number", "float": "a number"}
_PRINTED_AS_NULL = {
    "Bundle",
    "Deployment",
    "Git",
    "Lifecycle",
    "Presets",
    "Python",
    "Resources",
    "Sync",
    "Workspace",
}


def normalise(node: Node, kind: str, path: Path, diagnostics: list[Diagnostic]) -> Node | None:
    """Convert a value to its type.

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


def _list(node: Node, kind: str, path: Path, diagnostics: list[Diagnostic]) -> Node | None:
    if node.value is None:
        return node
    if not node.is_list:
        return _wrong(node, "a list", path, diagnostics)
    kept = []
    for index, child in enumerate(node.elements()):
        if (converted := normalise(child, kind, (*path, index), diagnostics)) is not None:
            kept.append(converted)
    node.value = kept
    return node


def _map(node: Node, kind: str, path: Path, diagnostics: list[Diagnostic]) -> Node | None:
    if node.value is None:
        return node
    if not node.is_map:
        return _wrong(node, "a map", path, diagnostics)
    for key, child in node.items():
        if (converted := normalise(child, kind, (*path, key), diagnostics)) is None:
            del node.value[key]
        else:
            node.value[key] = converted
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
            if not _holds_only_anchors(child):
                diagnostics.append(_unknown(key, fields, node.keys.get(key), path))
            continue
        is_empty = child.value is None and _is_left_out_if_empty(fields[key])
        converted = None if is_empty else normalise(child, fields[key], (*path, key), diagnostics)
        if converted is None:
            del node.value[key]
        else:
            node.value[key] = converted
    return node


def _is_left_out_if_empty(kind: str) -> bool:
    """Return whether the CLI prints nothing for a field without a value: for lists, maps and most structures."""
    if kind.startswith(("[", "{")):
        return True
    return kind not in _PRINTED_AS_NULL and "fields" in types().get(kind, {})


def _unknown(key: str, fields: Mapping[str, str], place: Location | None, path: Path) -> Diagnostic:
    """Return the finding about an unknown key; a section that is misspelled is more than a field without effect."""
    where = format_path(path)
    is_section = not path or (len(path) == 2 and path[0] == "targets")
    section = MisspelledSection.of(key, fields, place, where) if is_section else None
    return section or UnknownField.of(key, fields, place, where)


def _holds_only_anchors(node: Node) -> bool:
    """Return whether a value holds only YAML anchors; the CLI accepts these under any key."""
    if node.anchor:
        return True
    children = node.children()
    return bool(children) and all(_holds_only_anchors(child) for child in children)


def _wrong(node: Node, expected: str, path: Path, diagnostics: list[Diagnostic]) -> Node | None:
    """Add a finding about a value of a wrong type and return None: the value is left out."""
    got = f"{node.kind} `{node.value}`" if not isinstance(node.value, dict | list) else node.kind
    finding = WrongType.of(
        expected,
        got,
        _rewritten(node, path),
        node.location,
        format_path(path),
        severity="warning"
        if node.anchor and len(path) == 1
        else "error",  # a place for the anchor, no setting
    )
    diagnostics.append(finding)
    return None


def _rewritten(node: Node, path: Path) -> str | None:
    """Return the right way to write a value for mistakes that many people make."""
    field, value = path[-1] if path else "", node.value
    if node.anchor and len(path) == 1:
        return "move the anchor below a key of another name, such as `definitions`"
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
        diagnostics.append(EmptyValue.of(_ARTICLES[kind], node.location, format_path(path)))
        return None
    if isinstance(value, dict | list):
        return _wrong(node, _ARTICLES[kind], path, diagnostics)
    converted = CONVERSIONS[kind](value)
    if converted is None:
        expected = "a whole number of 64 bits" if kind == "int" and is_too_large(value) else _ARTICLES[kind]
        return _wrong(node, expected, path, diagnostics)
    node.value = converted
    return node
