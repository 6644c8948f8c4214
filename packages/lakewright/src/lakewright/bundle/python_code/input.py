"""What the code gets: the configuration, without places.

An alert whose fields come from a file is not shown to the code: only a deployment reads that file, and the library needs the fields.
"""

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Plain, to_plain


def phase_input(draft: Draft) -> dict[str, Plain]:
    """Return the configuration as plain values; null sections are left out, since `databricks-bundles` expects maps.

    A variable that only a workspace can look up has a text in place of its value, so that code which uses it fails where a
    number is needed, and shows what is missing elsewhere.
    """
    plain: dict[str, Plain] = {
        name: value for name, value in to_plain(draft.tree).items() if value is not None
    }
    plain["resources"] = {
        kind: value for kind, value in (plain.get("resources") or {}).items() if value is not None
    }
    for name, variable in (plain.get("variables") or {}).items():
        lookup = variable.get("lookup") if isinstance(variable, dict) else None
        if lookup and variable.get("value") is None:
            kind, wanted = next(iter(lookup.items())) if isinstance(lookup, dict) else ("", lookup)
            variable["value"] = f"<id of {kind} {wanted}, variable {name}>"
    for kind, key in _hidden(draft):
        del plain["resources"][kind][key]
    return plain


def with_hidden(draft: Draft, resources: Plain) -> Plain:
    """Return the resources of a result, and those that were not shown to the code as they are."""
    shown = resources if isinstance(resources, dict) else {}
    for kind, key in _hidden(draft):
        shown = {**shown, kind: {**(shown.get(kind) or {}), key: draft.tree.plain("resources", kind, key)}}
    return shown


def _hidden(draft: Draft) -> list[tuple[str, str]]:
    return [("alerts", key) for key, alert in draft.resources("alerts") if alert.text("file_path")]
