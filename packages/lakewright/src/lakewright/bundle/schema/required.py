"""What the API of a resource requires: fields that must be set, values out of a list, keys that must exist."""

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.references import references
from lakewright.bundle.model.tree import Node, Path, format_path
from lakewright.bundle.rules.schema.fields.missing_field import MissingField
from lakewright.bundle.rules.schema.values.unknown_enum_value import UnknownEnumValue
from lakewright.bundle.rules.tasks.compute.unknown_cluster_key import UnknownClusterKey
from lakewright.bundle.schema.types import resource_types, types

# What a local run needs of a task, by the map that holds it.
_NEEDED = {
    "notebook_task": {"notebook_path"},
    "spark_python_task": {"python_file"},
    "python_wheel_task": {"package_name", "entry_point"},
    "file": {"path"},  # of a `sql_task`
    "condition_task": {"op", "left", "right"},
    "run_job_task": {"job_id"},
    "for_each_task": {"inputs", "task"},
}
_MAY_BE_EMPTY = {"left", "right"}  # a condition may compare with an empty text
_CHECKED_BY_RULES = {"ConditionTaskOp"}  # LW623 reports an unknown operator as an error


def check_resources(draft: Draft) -> None:
    """Check required fields, enumerations, cluster keys, and paths that would not be unique."""
    section = draft.tree.get("resources")
    for kind, resources in section.items() if section else []:
        type_name = resource_types().get(kind)
        for key, resource in resources.items() if type_name else []:
            if not resource.is_map or (kind == "alerts" and resource.get("file_path") is not None):
                continue  # an alert's fields come from that file, which only a deployment reads
            _check_type(draft, resource, str(type_name), ("resources", kind, key))
    for key, job in draft.resources("jobs"):
        _check_cluster_keys(draft, key, job)


def _check_type(draft: Draft, node: Node, kind: str, path: Path) -> None:
    """Warn of required fields that are missing and of values outside of their enumeration."""
    if kind.startswith("["):
        for index, child in enumerate(node.elements()):
            _check_type(draft, child, kind[1:-1], (*path, index))
        return
    if kind.startswith("{"):
        for key, child in node.items():
            _check_type(draft, child, kind[1:-1], (*path, key))
        return
    definition = types().get(kind, {})
    if "enum" in definition and kind not in _CHECKED_BY_RULES:
        _check_enum(draft, node, definition["enum"], path)
    for field in definition.get("required", ()) if node.is_map else ():
        _check_required(draft, node, field, path)
    for field, child in node.items():
        if field in definition.get("fields", {}):
            _check_type(draft, child, definition["fields"][field], (*path, field))


def _check_required(draft: Draft, node: Node, field: str, path: Path) -> None:
    """Report a missing field; in what a task runs, an empty text counts as missing."""
    value = node.get(field)
    is_missing = value is None or value.value is None
    is_empty = value is not None and value.value == "" and field not in _MAY_BE_EMPTY
    where = format_path(path)
    if path[:2] == ("resources", "jobs") and "tasks" in path and field in _NEEDED.get(str(path[-1]), ()):
        if is_missing or is_empty:
            place = value.location if value is not None and is_empty else node.location
            draft.add(MissingField.of_task(field, place, where, is_empty=is_empty))
    elif is_missing and path[:2] == ("resources", "secrets") and field == "value":
        draft.add(MissingField.of_holder("a secret", field, node.location, where))
    elif is_missing:
        draft.add(MissingField.of(field, node.location, where))


def _check_enum(draft: Draft, node: Node, values: list[str], path: Path) -> None:
    value = node.value
    if not isinstance(value, str) or not value or value in values or references(value):
        return
    draft.add(UnknownEnumValue.of(value, values, node.location, format_path(path)))


def _check_cluster_keys(draft: Draft, key: str, job: Node) -> None:
    clusters = job.get("job_clusters")
    known = [cluster.text("job_cluster_key") for cluster in clusters.elements()] if clusters else []
    tasks = job.get("tasks")
    for index, task in enumerate(tasks.elements() if tasks else []):
        wanted = task.text("job_cluster_key")
        if wanted and wanted not in known and not references(wanted):
            path = f"resources.jobs.{key}.tasks[{index}].job_cluster_key"
            draft.add(UnknownClusterKey.of(wanted, known, f"resources.jobs.{key}", path))
