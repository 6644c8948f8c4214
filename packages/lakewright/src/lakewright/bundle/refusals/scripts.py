"""Scripts of the bundle: a shell gets their content as it stands, and their variables hold a few references only.

Source: https://github.com/databricks/cli/blob/main/bundle/config/validate/scripts.go
"""

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.references import references
from lakewright.bundle.model.tree import Path, format_path, match
from lakewright.bundle.rules.references.places.reference_in_script import ReferenceInScript
from lakewright.bundle.rules.schema.fields.missing_field import MissingField

_KNOWN_BEFORE = ("bundle", "workspace", "var", "variables")


def is_content(path: Path) -> bool:
    """Whether a path is that of a script's content, in which nothing is replaced."""
    return len(path) == 3 and path[0] == "scripts" and path[2] == "content"


def check_scripts(draft: Draft) -> None:
    """Report scripts without content, and references that a script cannot hold."""
    for path, script in match(draft.tree, "scripts.*"):
        node = script.get("content")
        content = "" if node is None or node.value is None else str(node.value)
        if not content:
            draft.add(MissingField.of_holder("a script", "content", script.location, format_path(path)))
        if found := references(content):
            where = format_path((*path, "content"))
            draft.add(ReferenceInScript.of_content(found[0].text, str(path[1]), where))
    for path, variable in match(draft.tree, "scripts.*.env.*"):
        for reference in references(variable.value) if isinstance(variable.value, str) else ():
            if reference.root not in _KNOWN_BEFORE:
                draft.add(ReferenceInScript.of_variable(reference.text, format_path(path)))
