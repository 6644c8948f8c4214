"""The bundle's name, and places where a reference cannot be resolved."""

from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.references import references
from lakewright.bundle.model.tree import format_path, match, walk
from lakewright.bundle.refusals.scripts import is_content
from lakewright.bundle.rules.references.places.doubled_workspace_prefix import DoubledWorkspacePrefix
from lakewright.bundle.rules.references.places.reference_in_authentication import ReferenceInAuthentication
from lakewright.bundle.rules.references.places.reference_in_bundle_name import ReferenceInBundleName
from lakewright.bundle.rules.references.places.reference_in_resource_key import ReferenceInResourceKey
from lakewright.bundle.rules.schema.fields.missing_bundle_name import MissingBundleName

_WORKSPACE_PATHS = ("root_path", "file_path", "artifact_path", "state_path", "resource_path")
_AUTH = ("host", "profile", "auth_type", "client_id", "account_id", "azure_client_id", "azure_tenant_id")


def check_names(draft: Draft) -> None:
    """Report a missing name of the bundle, and references where they cannot be resolved."""
    name = draft.tree.text("bundle", "name")
    if not name:
        place = draft.place("bundle") or Location(draft.file, 1, 1)
        draft.add(MissingBundleName.of(draft.file.name, place))
    elif references(name):
        draft.add(ReferenceInBundleName.of())
    for field in _AUTH:
        if references(draft.tree.text("workspace", field)):
            draft.add(ReferenceInAuthentication.of(field))
    for path, _ in match(draft.tree, "resources.*.*"):
        key = str(path[2])
        if "${" in key:
            holder = draft.tree.get(*path[:2])
            place_of_key = holder.keys.get(key) if holder else None
            draft.add(ReferenceInResourceKey.of(key, place_of_key, format_path(path)))


def strip_workspace_prefix(draft: Draft) -> None:
    """Turn `/Workspace${workspace.file_path}` into `${workspace.file_path}`, which already begins with it."""
    for path, node in walk(draft.tree):
        if not isinstance(node.value, str) or "/Workspace" not in node.value or is_content(path):
            continue
        for field in _WORKSPACE_PATHS:
            for doubled in (f"/Workspace/${{workspace.{field}}}", f"/Workspace${{workspace.{field}}}"):
                if doubled in node.value:
                    old = node.value
                    node.value = old.replace(doubled, f"${{workspace.{field}}}")
                    where = format_path(path)
                    draft.add(DoubledWorkspacePrefix.of(doubled, old, node.value, node.location, where))
