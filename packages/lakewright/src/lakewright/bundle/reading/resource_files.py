"""How resources are spread over files: one key for each, one resource in a file that is named after its kind."""

from pathlib import Path

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, match
from lakewright.bundle.rules.files.duplicates.duplicate_resource_key import DuplicateResourceKey
from lakewright.bundle.rules.files.duplicates.duplicate_task_key import DuplicateTaskKey
from lakewright.bundle.rules.files.several_resources_in_one_file import SeveralResourcesInOneFile
from lakewright.bundle.rules.files.undefined_resource import UndefinedResource
from lakewright.bundle.schema.types import resource_types

_SINGULARS = {
    "database_branches": "database_branch",
    "postgres_branches": "postgres_branch",
    "vector_search_indexes": "vector_search_index",
}


def check_undefined_resources(draft: Draft, node: Node) -> None:
    """Report resources without a value, which the schema would drop."""
    for path, resource in match(node, "resources.*.*"):
        if resource.value is None:
            _, kind, key = map(str, path)
            holder = node.get("resources", kind)
            place = holder.keys.get(key) if holder else None
            draft.add(UndefinedResource.of(kind, key, place, f"resources.{kind}.{key}"))


def check_task_keys(draft: Draft, node: Node) -> None:
    """Report one key for two tasks of one list: merging by key makes one task of them."""
    for pattern in ("resources.jobs.*.tasks", "targets.*.resources.jobs.*.tasks"):
        for path, tasks in match(node, pattern):
            seen: dict[str, Node] = {}
            for task in tasks.elements():
                key = task.get("task_key")
                if key is None or not task.text("task_key"):
                    continue
                first = seen.setdefault(str(key.value), key)
                if first is not key:
                    where = ".".join(map(str, path))
                    job = str(path[-2])
                    draft.add(
                        DuplicateTaskKey.of(job, str(key.value), key.location, where, first.locations[:1])
                    )


def check_single_resource(draft: Draft, file: Path, part: Node) -> None:
    """Report a file that is named after one kind of resource (`load.job.yml`) and holds others too."""
    kind = next((kind for kind in resource_types() if _is_named_after(file, kind)), None)
    if kind is None:
        return
    found = [
        (str(path[-2]), str(path[-1]), node)
        for pattern in ("resources.*.*", "targets.*.resources.*.*")
        for path, node in match(part, pattern)
    ]
    if all(section == kind for section, _, _ in found) and len({key for _, key, _ in found}) <= 1:
        return
    lines = sorted({f"- {key} ({_singular(section)})" for section, key, _ in found})
    related = [node.location for _, _, node in found[1:] if node.location]
    place = found[0][2].location
    draft.add(SeveralResourcesInOneFile.of(_singular(kind), file.suffix, lines, place, related))


def _is_named_after(file: Path, kind: str) -> bool:
    return file.name.endswith((f".{_singular(kind)}.yml", f".{_singular(kind)}.yaml"))


def _singular(kind: str) -> str:
    return _SINGULARS.get(kind, kind.removesuffix("s"))


class ResourceOrigins:
    """Where each resource and each script is defined, over all files: they share their keys.

    Source: https://github.com/databricks/cli/blob/main/bundle/config/validate/unique_resource_keys.go
    """

    def __init__(self) -> None:
        self._by_key: dict[str, list[tuple[str, Node]]] = {}

    def collect(self, part: Node) -> None:
        """Add the resources and the scripts of one file."""
        for path, node in match(part, "resources.*.*"):
            key = str(path[2])
            self._by_key.setdefault(key, []).append((f"resources.{path[1]}.{key}", node))
        for path, node in match(part, "scripts.*"):
            self._by_key.setdefault(str(path[1]), []).append((f"scripts.{path[1]}", node))

    def check_duplicates(self, draft: Draft) -> None:
        """Report one key for two resources, of one kind in two files or of two kinds."""
        for key, uses in self._by_key.items():
            if len(uses) > 1:
                draft.add(
                    DuplicateResourceKey.of(
                        key, [name for name, _ in uses], [node.location for _, node in uses]
                    )
                )
