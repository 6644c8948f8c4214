"""Which value each variable has, before references between them are followed.

From strongest to weakest: `--var`, the local overlay, `BUNDLE_VAR_<name>`, the target's
`variable-overrides.json`, the target's section, the default. A `value` that the bundle writes out yields to the
first two only, as in the CLI. A lookup by name needs a workspace, so without a
stronger value it stays open.
"""

from typing import Any

from databricks_utils.nearest import did_you_mean
from lakewright.bundle.draft import Draft
from lakewright.bundle.tree import Node, from_plain
from lakewright.bundle.yaml_source import SourceError, load_source

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
    for name in draft.variables:
        if name not in declared.value:
            draft.error(
                f"variable {name} has not been defined",
                detail="it was given by --var",
                path="variables",
                fix=did_you_mean(name, declared.value)
                or f"declare it: `variables: {{{name}: {{description: …}}}}`",
            )
    for name in draft.local.variables if draft.local else ():
        if name not in declared.value:
            draft.warn(
                f"`bundle_variables` sets {name}, which the bundle does not declare",
                location=draft.local.places.get(name) if draft.local else None,
                fix=did_you_mean(name, declared.value) or "remove it, or declare the variable in the bundle",
            )


def _overrides(draft: Draft) -> Node:
    """Return what `.databricks/bundle/<target>/variable-overrides.json` holds."""
    file = draft.root / ".databricks" / "bundle" / draft.target / "variable-overrides.json"
    if not file.is_file():
        return Node({})
    try:
        node, _ = load_source(file)
    except SourceError as error:
        draft.diagnostics.append(error.diagnostic)
        return Node({})
    if not node.is_map:
        draft.error(
            f"{file.name} must hold a JSON object", location=node.location, fix='write `{"name": "value"}`'
        )
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
        return None
    override = overrides.get(name)
    if override is not None and override.value is not None:
        return _checked_override(draft, name, override, complex_type=complex_type)
    return _default(draft, name, variable, complex_type=complex_type)


def _from_text(draft: Draft, name: str, source: str, text: str, *, complex_type: bool) -> Node | None:
    if not complex_type:
        return Node(text)
    draft.error(
        f"setting the complex variable {name} by {source} is not supported",
        path=f"variables.{name}",
        fix=f'put it into .databricks/bundle/{draft.target}/variable-overrides.json: `{{"{name}": …}}`',
    )
    return None


def _default(draft: Draft, name: str, variable: Node, *, complex_type: bool) -> Node | None:
    default = variable.get("default")
    if default is None or default.value is None:
        return None
    if isinstance(default.value, dict | list) and not complex_type:
        _report_untyped(draft, name, default)
    return default.copy()


def _checked_override(draft: Draft, name: str, override: Node, *, complex_type: bool) -> Node | None:
    is_complex = isinstance(override.value, dict | list)
    if is_complex == complex_type:
        return override.copy()
    word = (
        "is of type complex, but the value in the variable file is not"
        if complex_type
        else "is not of type complex, but the value in the variable file is"
    )
    draft.error(
        f"variable {name} {word} a complex type",
        location=override.location,
        path=f"variables.{name}",
        fix="give it a map or a list" if complex_type else f"add `type: complex` to `variables.{name}`",
    )
    return None


def _report_untyped(draft: Draft, name: str, default: Node) -> None:
    draft.recommend(
        f"variable {name} has a {default.kind} as its value but is not of type complex",
        location=default.location,
        path=f"variables.{name}.default",
        fix=f"add `type: complex` to `variables.{name}`",
    )


def _leave_open(draft: Draft, name: str, variable: Node) -> None:
    lookup: Any = variable.plain("lookup")
    kind, wanted = next(iter(lookup.items())) if isinstance(lookup, dict) else ("by", lookup)
    draft.recommend(
        f"variable {name} is looked up in a workspace ({kind} `{wanted}`), so it has no value here",
        path=f"variables.{name}.lookup",
        fix=f"tasks that need it are [CLOUD]; give it a value with `--var {name}=…` or in config/local.yaml",
    )


def _report_missing(draft: Draft, name: str, declared: Node) -> None:
    path = f"variables.{name}"
    if any(diagnostic.severity == "error" and diagnostic.path == path for diagnostic in draft.diagnostics):
        return
    draft.error(
        f"no value assigned to required variable {name}",
        detail=(
            f"looked in, in this order:  --var {name}=… · config/local.yaml `bundle_variables` (local runs) · "
            f"environment {_PREFIX}{name} · .databricks/bundle/{draft.target}/variable-overrides.json · "
            f"`targets.{draft.target}.variables.{name}` · `variables.{name}.default`"
        ),
        location=declared.keys.get(name) or draft.place(f"variables.{name}"),
        path=path,
        fix=f"give it one: `--var {name}=VALUE`, or `export {_PREFIX}{name}=VALUE`, or a `default`",
    )
