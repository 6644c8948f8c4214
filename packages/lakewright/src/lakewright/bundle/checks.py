"""Checks that the CLI makes itself: names without references, required fields, keys that must be defined."""

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.draft import Draft
from lakewright.bundle.model import Location
from lakewright.bundle.references import references
from lakewright.bundle.schema import resource_types, types
from lakewright.bundle.tree import Node, format_path, match, walk

_WORKSPACE_PATHS = ("root_path", "file_path", "artifact_path", "state_path", "resource_path")
_AUTH = ("host", "profile", "auth_type", "client_id", "account_id", "azure_client_id", "azure_tenant_id")


def check_names(draft: Draft) -> None:
    """Demand a bundle's name, and refuse references where they cannot be resolved."""
    name = draft.tree.text("bundle", "name")
    if not name:
        draft.error(
            "required field `bundle.name` is not set",
            path="bundle",
            location=draft.place("bundle") or Location(draft.file, 1, 1),
            fix=f"add `bundle: {{name: …}}` to {draft.file.name}",
        )
    elif references(name):
        draft.warn(
            "Please do not use variable interpolation in the name of your bundle",
            detail="the name is part of the deployment's path: another name is another deployment",
            path="bundle.name",
            fix="write the name out",
        )
    for field in _AUTH:
        if references(draft.tree.text("workspace", field)):
            draft.warn(
                f"Variable interpolation is not supported for fields that configure authentication: workspace.{field}",
                path=f"workspace.{field}",
                fix=f"write it out under `targets.*.workspace.{field}`, or use the environment variable of the CLI",
            )
    for path, _ in match(draft.tree, "resources.*.*"):
        if "${" in str(path[2]):
            holder = draft.tree.get(*path[:2])
            draft.error(
                f"a resource's key may not hold a reference: {path[2]}",
                location=holder.keys.get(str(path[2])) if holder else None,
                path=format_path(path),
                fix="use a plain key and put the reference into `name`",
            )


def warn_of_python_resources(draft: Draft) -> None:
    """Say aloud that resources written in Python are missing here: their code is not executed."""
    for path in ("python", "experimental.python"):
        section = draft.tree.get(*path.split("."))
        modules = [
            str(module)
            for field in ("resources", "mutators")
            for module in (section.plain(field) or [] if section else [])
        ]
        if modules:
            draft.warn(
                "resources that are defined in Python are not loaded: their code is not executed here",
                detail=f"left out: {listing(modules)}",
                path=path,
                fix="run `databricks bundle validate` for them; jobs written in YAML run here",
            )


def strip_workspace_prefix(draft: Draft) -> None:
    """Turn `/Workspace${workspace.file_path}` into `${workspace.file_path}`, which has the prefix by now."""
    for path, node in walk(draft.tree):
        if not isinstance(node.value, str) or "/Workspace" not in node.value:
            continue
        for field in _WORKSPACE_PATHS:
            for doubled in (f"/Workspace/${{workspace.{field}}}", f"/Workspace${{workspace.{field}}}"):
                if doubled in node.value:
                    old = node.value
                    node.value = old.replace(doubled, f"${{workspace.{field}}}")
                    draft.warn(
                        f'substring "{doubled}" found in "{old}"',
                        location=node.location,
                        path=format_path(path),
                        fix=f'write "{node.value}": the path has the prefix already',
                    )


def check_resources(draft: Draft) -> None:
    """Check required fields, enumerations, cluster keys, and paths that would not be unique."""
    section = draft.tree.get("resources")
    for kind, resources in section.items() if section else []:
        type_name = resource_types().get(kind)
        for key, resource in resources.items() if type_name else []:
            if not resource.is_map or resource.get("file_path") is not None:
                continue  # its fields come from that file, which only a deployment reads
            _check_type(draft, resource, str(type_name), ("resources", kind, key))
    for key, job in draft.resources("jobs"):
        _check_cluster_keys(draft, key, job)


def _check_type(draft: Draft, node: Node, kind: str, path: tuple[str | int, ...]) -> None:
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
    if "enum" in definition:
        _check_enum(draft, node, definition["enum"], path)
    for field in definition.get("required", ()) if node.is_map else ():
        value = node.get(field)
        if value is None or value.value is None:
            where = format_path(path)
            draft.warn(
                f'required field "{field}" is not set',
                location=node.location,
                path=where,
                fix=f"add `{field}` to `{where}`",
            )
    for field, child in node.items():
        if field in definition.get("fields", {}):
            _check_type(draft, child, definition["fields"][field], (*path, field))


def _check_enum(draft: Draft, node: Node, values: list[str], path: tuple[str | int, ...]) -> None:
    value = node.value
    if not isinstance(value, str) or not value or value in values or references(value):
        return
    draft.warn(
        f'invalid value "{value}" for enum field',
        detail=f"valid values are {listing(values, limit=30)}",
        location=node.location,
        path=format_path(path),
        fix=did_you_mean(value, values) or f"use one of {listing(values)}",
    )


def _check_cluster_keys(draft: Draft, key: str, job: Node) -> None:
    clusters = job.get("job_clusters")
    known = [cluster.text("job_cluster_key") for cluster in clusters.elements()] if clusters else []
    tasks = job.get("tasks")
    for index, task in enumerate(tasks.elements() if tasks else []):
        wanted = task.text("job_cluster_key")
        if wanted and wanted not in known and not references(wanted):
            path = f"resources.jobs.{key}.tasks[{index}].job_cluster_key"
            draft.warn(
                f"job_cluster_key {wanted} is not defined",
                detail=f"`job_clusters` of this job holds {listing(known)}",
                location=draft.place(path),
                path=path,
                fix=did_you_mean(wanted, known) or f"add it to `resources.jobs.{key}.job_clusters`",
            )


def check_shared_root(draft: Draft) -> None:
    """Warn of a bundle in a folder that everybody may write to."""
    root = draft.tree.text("workspace", "root_path")
    if not root.startswith("/Workspace/Shared/"):
        return
    permissions = draft.tree.plain("permissions") or []
    if any(
        entry.get("group_name") == "users" and entry.get("level") == "CAN_MANAGE" for entry in permissions
    ):
        return
    draft.warn(
        "the bundle root path is writable by all workspace users",
        detail=f"workspace.root_path is {root}",
        path="workspace.root_path",
        fix="add `permissions: [{level: CAN_MANAGE, group_name: users}]`, or choose a path of your own",
    )
