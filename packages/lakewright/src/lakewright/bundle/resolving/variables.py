"""Which value each variable has, before references between them are followed.

From strongest to weakest: `--var`, the local overlay, `BUNDLE_VAR_<name>`, the target's
`variable-overrides.json`, the target's section, the default. A `value` that the bundle writes out yields to the
first two only, as in the CLI. A lookup by name needs a workspace, so without a
stronger value it stays open; for what only looks at the bundle, as a check of access
does, that of a service principal is its name.
"""

from typing import Any

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, from_plain
from lakewright.bundle.reading.yaml_source import SourceError, load_source
from lakewright.bundle.rules.variables.bad_variable_file import BadVariableFile
from lakewright.bundle.rules.variables.complex_variable_from_text import ComplexVariableFromText
from lakewright.bundle.rules.variables.undeclared_variable import UndeclaredVariable
from lakewright.bundle.rules.variables.untyped_complex_variable import UntypedComplexVariable
from lakewright.bundle.rules.variables.variable_from_lookup import VariableFromLookup
from lakewright.bundle.rules.variables.variable_type_mismatch import VariableTypeMismatch
from lakewright.bundle.rules.variables.variable_without_value import VariableWithoutValue

_PREFIX = "BUNDLE_VAR_"


def set_variables(draft: Draft) -> None:
    """Give every variable its `value`, and report the required ones that have none."""
    declared = draft.tree.get("variables")
    if declared is None or not declared.is_map:
        declared = Node({})
    _check_given(draft, declared)
    overrides = _overrides(draft)
    for name, variable in declared.items():
        if not variable.is_map:
            variable.value = {}
        value = _value(draft, name, variable, overrides)
        if value is not None:
            variable.value["value"] = value
        elif variable.get("lookup") is not None and variable.plain("lookup"):
            _leave_open(draft, name, variable)
        else:
            _report_missing(draft, name, declared)


def _check_given(draft: Draft, declared: Node) -> None:
    if draft.has_unread_files:
        return
    for name in draft.variables:
        if name not in declared.value:
            draft.add(UndeclaredVariable.of_option(name, declared.value))
    for name in draft.local.variables if draft.local else ():
        if name not in declared.value:
            place = draft.local.places.get(name) if draft.local else None
            draft.add(UndeclaredVariable.of_overlay(name, declared.value, place))


def _overrides(draft: Draft) -> Node:
    """Return what `.databricks/bundle/<target>/variable-overrides.json` holds."""
    file = draft.root / ".databricks" / "bundle" / draft.target / "variable-overrides.json"
    if not file.is_file():
        return Node({})
    try:
        node = load_source(file).node
    except SourceError as error:
        draft.add(error.diagnostic)
        return Node({})
    if not node.is_map:
        draft.add(BadVariableFile.of(file.name, node.location))
        return Node({})
    return node


def _value(draft: Draft, name: str, variable: Node, overrides: Node) -> Node | None:
    complex_type = variable.text("type") == "complex"
    given = {"--var": draft.variables.get(name), _PREFIX + name: draft.environ.get(_PREFIX + name)}
    if given["--var"] is None and draft.local and name in draft.local.variables:
        place = draft.local.places.get(name)
        return from_plain(draft.local.variables[name], (place,) if place else ())
    written = variable.get("value")
    if given["--var"] is None and written is not None and written.value is not None:
        return written
    for source, text in given.items():
        if text is not None:
            return _from_text(draft, name, source, text, complex_type=complex_type)
    if variable.plain("lookup"):
        # A task that runs here may need the id; what only looks at a bundle does not.
        return None if draft.local else _shown_principal(variable)
    override = overrides.get(name)
    if override is not None and override.value is not None:
        return _checked_override(draft, name, override, complex_type=complex_type)
    return _default(draft, name, variable, complex_type=complex_type)


def _shown_principal(variable: Node) -> Node | None:
    """Return the name of a service principal in place of its application id, which a workspace knows; None for other lookups."""
    lookup = variable.get("lookup")
    return lookup.get("service_principal") if lookup is not None and lookup.is_map else None


def _from_text(draft: Draft, name: str, source: str, text: str, *, complex_type: bool) -> Node | None:
    if not complex_type:
        return Node(text)
    draft.add(ComplexVariableFromText.of(name, source, draft.target))
    return None


def _default(draft: Draft, name: str, variable: Node, *, complex_type: bool) -> Node | None:
    default = variable.get("default")
    if default is None or default.value is None:
        return None
    if isinstance(default.value, dict | list) and not complex_type:
        draft.add(UntypedComplexVariable.of(name, default.kind, default.location))
    return default.copy()


def _checked_override(draft: Draft, name: str, override: Node, *, complex_type: bool) -> Node | None:
    is_complex = isinstance(override.value, dict | list)
    if is_complex == complex_type:
        return override.copy()
    draft.add(VariableTypeMismatch.of(name, override.location, complex_type=complex_type))
    return None


def _leave_open(draft: Draft, name: str, variable: Node) -> None:
    lookup: Any = variable.plain("lookup")
    kind, wanted = next(iter(lookup.items())) if isinstance(lookup, dict) else ("by", lookup)
    draft.add(VariableFromLookup.of(name, str(kind), str(wanted)))


def _report_missing(draft: Draft, name: str, declared: Node) -> None:
    """Report a variable without a value, unless an error about its value was reported already."""
    path = f"variables.{name}"
    if any(finding.severity == "error" and finding.path == path for finding in draft.diagnostics):
        return
    place = declared.keys.get(name) or draft.place(path)
    draft.add(VariableWithoutValue.of(name, draft.target, place))
