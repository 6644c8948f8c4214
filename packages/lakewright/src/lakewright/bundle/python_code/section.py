"""What the section `python` says, or the older `experimental.python`."""

from dataclasses import dataclass

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node

RESTRICTED = "DATABRICKS_BUNDLE_RESTRICTED_CODE_EXECUTION"
"""Set to any value, it forbids to run a bundle's code, for the Databricks CLI too."""


@dataclass(frozen=True)
class PythonSection:
    """The code of a bundle.

    Attributes:
        path: Where it is written: `python` or `experimental.python`.
        resources: The functions that add resources, as `module:name`.
        mutators: The functions that change resources.
        venv_path: The virtual environment that has the interpreter; empty for the one on PATH.
    """

    path: str
    resources: tuple[str, ...]
    mutators: tuple[str, ...]
    venv_path: str

    @property
    def functions(self) -> tuple[str, ...]:
        """All functions that the section names."""
        return (*self.resources, *self.mutators)


def read_section(draft: Draft) -> PythonSection | None:
    """Return the section in force; None if the bundle has none, or one that names no code."""
    for path in ("python", "experimental.python"):
        node = draft.tree.get(*path.split("."))
        if node is not None and node.is_map:
            section = PythonSection(
                path, _names(node, "resources"), _names(node, "mutators"), node.text("venv_path")
            )
            if section.functions:
                return section
    return None


def copy_to_old_name(draft: Draft) -> None:
    """Let `experimental.python` hold what `python` says, as the CLI does for older versions of `databricks-bundles`."""
    current = draft.tree.get("python")
    if current is None or current.value is None or draft.tree.get("experimental", "python") is not None:
        return
    draft.tree.set(current.copy(), "experimental", "python")


def _names(node: Node, field: str) -> tuple[str, ...]:
    return tuple(str(element.value) for element in node.elements(field))
