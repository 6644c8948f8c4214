"""What the Databricks CLI requires of the sections beside `resources`: `bundle`, `artifacts`, `variables`.

Source: databricks/cli, bundle/config/validate/validate_engine.go, bundle/config/mutator/verify_cli_version.go, and the
lists in bundle/internal/validation/generated.
"""

import re

from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.references import references
from lakewright.bundle.model.tree import format_path, match
from lakewright.bundle.rules.schema.fields.missing_field import MissingField
from lakewright.bundle.rules.schema.values.unknown_enum_value import UnknownEnumValue
from lakewright.bundle.rules.schema.values.wrong_type import WrongType
from lakewright.bundle.rules.targets.unknown_engine import UnknownEngine

_ENGINES = ("terraform", "direct")
_ENGINE_VARIABLE = "DATABRICKS_BUNDLE_ENGINE"
_OPERATOR = r"(>=|<=|>|<|!=)?"
_VERSION = r"([0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z_]+)?|[0-9]+\.[0-9]+.\*|[0-9]+\.\*)"
_CONSTRAINT = re.compile(rf"{_OPERATOR} ?{_VERSION}(, {_OPERATOR} {_VERSION})?")
_ENUMS = {
    "artifacts.*.type": ("whl", "jar"),
    "artifacts.*.executable": ("bash", "sh", "cmd"),
    "variables.*.type": ("complex",),
}


def check_bundle_section(draft: Draft) -> None:
    """Check the engine and the version of the CLI; they are read before references are resolved."""
    engine = draft.tree.text("bundle", "engine")
    if engine and engine not in _ENGINES:
        _refuse(draft, "engine", "`terraform` or `direct`", engine, "write `engine: direct`")
    given = draft.environ.get(_ENGINE_VARIABLE)
    if not engine and given and given not in _ENGINES:
        draft.add(UnknownEngine.of(given, Location(draft.file, 1, 1)))
    version = draft.tree.text("bundle", "databricks_cli_version")
    if version and not _CONSTRAINT.fullmatch(version):
        fix = 'write it like `">= 0.229.0"` or `">= 0.229.0, <= 1.0.0"`'
        _refuse(draft, "databricks_cli_version", "one or two limits for a version", version, fix)


def _refuse(draft: Draft, field: str, expected: str, value: str, fix: str) -> None:
    path = f"bundle.{field}"
    draft.add(WrongType.of(expected, f"`{value}`", fix, draft.place(path), path))


def check_other_sections(draft: Draft) -> None:
    """Warn of values outside of their list, and of files of an artifact without a source."""
    for pattern, allowed in _ENUMS.items():
        for path, node in match(draft.tree, pattern):
            value = node.value
            if isinstance(value, str) and value and value not in allowed and not references(value):
                draft.add(UnknownEnumValue.of(value, allowed, node.location, format_path(path)))
    for path, node in match(draft.tree, "artifacts.*.files[*]"):
        if node.is_map and node.plain("source") is None:
            draft.add(MissingField.of("source", node.location, format_path(path)))
