"""References that stay as they are: to resources, and to words that no reference begins with."""

from databricks_utils.nearest import nearest
from lakewright.bundle.model.diagnostic import Location, Severity
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.references import Reference, references
from lakewright.bundle.model.tree import Path, format_path, walk
from lakewright.bundle.refusals.scripts import is_content
from lakewright.bundle.rules.references.resources.reference_to_missing_field import ReferenceToMissingField
from lakewright.bundle.rules.references.resources.reference_to_missing_resource import (
    ReferenceToMissingResource,
)
from lakewright.bundle.rules.references.resources.terraform_only_reference import (
    FIELDS,
    TerraformOnlyReference,
)
from lakewright.bundle.rules.references.resources.unknown_resource_kind import UnknownResourceKind
from lakewright.bundle.rules.references.unknown_reference_root import UnknownReferenceRoot
from lakewright.bundle.schema.output_fields import referable_fields
from lakewright.bundle.schema.types import resource_types

RESOLVED = {"var", "variables", "bundle", "workspace"}
KEPT = {"resources", "artifacts"}
_ROOTS = sorted(RESOLVED | KEPT)
# Shell text: `${…}` there belongs to the shell unless it names something of the bundle.
_SHELL = ("scripts", "artifacts", "experimental")


def check_resource(draft: Draft, reference: Reference, place: Location | None, path: Path) -> None:
    """Report a `${resources.…}` whose kind, key or field does not exist, or whose field only Terraform knows."""
    target = reference.path
    if target[0] != "resources" or len(target) < 3:
        return
    kind, key = str(target[1]), str(target[2])
    where = format_path(path)
    if kind not in resource_types():
        draft.add(UnknownResourceKind.of(reference.text, kind, resource_types(), place, where))
        return
    if len(target) > 3:
        _check_field(draft, reference, place, where)
    section = draft.tree.get("resources", kind)
    known = list(section.value) if section and section.is_map else []
    if key not in known and not draft.may_get_resources and not draft.has_unread_files:
        draft.add(ReferenceToMissingResource.of(reference.text, kind, key, known, location=place, path=where))


def _check_field(draft: Draft, reference: Reference, place: Location | None, where: str) -> None:
    kind, field = str(reference.path[1]), reference.path[3]
    if field in FIELDS.get(kind, ()):
        engine = draft.tree.text("bundle", "engine") or draft.environ.get("DATABRICKS_BUNDLE_ENGINE")
        severity: Severity = "warning" if engine == "terraform" else "error"
        draft.add(TerraformOnlyReference.of(reference.text, severity, place, where))
    elif isinstance(field, str) and (known := referable_fields(kind)) and field not in known:
        draft.add(ReferenceToMissingField.of(reference.text, field, known, location=place, path=where))


def check_kept_references(draft: Draft) -> None:
    """Check all references to resources again, after Python code has added its own."""
    for path, node in walk(draft.tree):
        if isinstance(node.value, str) and "${resources." in node.value and not is_content(path):
            for reference in references(node.value):
                check_resource(draft, reference, node.location, path)


def check_root(draft: Draft, reference: Reference, place: Location | None, path: Path) -> None:
    """Report a reference that begins with an unknown word, unless it is probably shell text."""
    root = reference.root
    near = nearest(root, _ROOTS)
    if path[0] in _SHELL or ("." not in reference.name and not near):
        return
    fix = None
    if root == "env":
        name = reference.name.partition(".")[2]
        fix = f"declare a variable and set it from the environment: `export BUNDLE_VAR_{name}=…`, then `${{var.{name}}}`"
    elif near:
        fix = f"did you mean `{reference.text.replace(root, near[0], 1)}`?"
    draft.add(UnknownReferenceRoot.of(reference.text, _ROOTS, fix, place, format_path(path)))
