"""What the code gets: the configuration, without places."""

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
    return plain
